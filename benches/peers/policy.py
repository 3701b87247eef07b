"""Writes the rows of `azure-nsg` that list networks as a policy of aerleon's, and says how many networks its filters must hold."""

import argparse
import json
import re
from pathlib import Path

from generate import FAMILIES, TRAFFICS, permits_of, read


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()

    sets, ranges = read(arguments.catalogue)
    permits = [permit for traffic in TRAFFICS for permit in permits_of(sets, ranges, traffic)]
    permits = [permit for permit in permits if "networks" in permit]
    networks, services, filters = {}, {}, {}
    for permit in permits:
        name = re.sub("[^A-Z0-9]", "_", permit["key"].upper())
        networks[name] = {"values": [{"address": str(network)} for network in permit["networks"]]}
        services[name] = [{"protocol": permit["protocol"], "port": port} for port in permit["ports"]]
        side = "source-address" if permit["direction"] == "inbound" else "destination-address"
        term = {
            "name": permit["key"].replace(".", "-").replace("_", "-"),
            side: name,
            "protocol": permit["protocol"],
            "destination-port": name,
            "action": "accept",
        }
        filters.setdefault((permit["direction"], permit["kind"]), []).append(term)
    families = dict(zip(FAMILIES.values(), ["inet", "inet6"]))
    policy = [
        {"header": {"targets": {"juniper": f"m365-{direction}-{kind} {families[kind]}"}}, "terms": terms}
        for (direction, kind), terms in filters.items()
    ]
    # JSON is YAML.
    write(arguments.out / "def" / "networks.yaml", {"networks": networks})
    write(arguments.out / "def" / "services.yaml", {"services": services})
    write(arguments.out / "policies" / "pol" / "m365.yaml", {"filters": policy})
    print(sum(len(permit["networks"]) for permit in permits))


def write(file, document):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
