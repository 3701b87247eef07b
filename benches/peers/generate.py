"""Writes catalogues as Terraform rows, as a platform team would with jinja2 and netaddr.

It knows what it needs for a folder that is new and for default options: no lock, no gaps, no READMEs,
no modules, no proof. The rows are the program's, so that both can be timed at the same work.
"""

import argparse
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from netaddr import IPNetwork

CLOUD = "worldwide"
TRAFFICS = ["inbound-hybrid-server", "outbound-server-only"]
FAMILIES = {4: "ipv4", 6: "ipv6"}
RULES_PER_GROUP = 60
PRIORITIES = {"azure-nsg", "azure-firewall"}
SLOTS = {"aws-security-group", "generic-firewall"}
TARGETS = ["azure-nsg", "azure-firewall", "aws-security-group", "aws-network-firewall", "generic-firewall"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", action="append", required=True)
    parser.add_argument("--target", action="append")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()

    sets, ranges = read(arguments.catalogue)
    permits = [permit for traffic in TRAFFICS for permit in permits_of(sets, ranges, traffic)]
    slots = number_ports(permits)
    priorities = {}
    folder = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader(folder), trim_blocks=True, keep_trailing_newline=True)
    # As HCL has it: without escapes for HTML.
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = environment.get_template("rows.tf.j2")
    for target in arguments.target or TARGETS:
        expressed = [permit for one in permits for permit in expressible(one, target)]
        if target in PRIORITIES:
            give_priorities(expressed, priorities)
        groups = number_groups(expressed, slots) if target == "aws-security-group" else {}
        for traffic in TRAFFICS:
            here = [permit for permit in expressed if permit["traffic"] == traffic]
            rows = sorted(row for permit in here for row in rows_of(permit, target, slots, priorities, groups))
            file = arguments.out / CLOUD / traffic / target / "main.tf"
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w") as out:
                template.stream(target=target, cloud=CLOUD, traffic=traffic, rows=rows).dump(out)


def read(files):
    sets, ranges = [], {}
    for file in files:
        with open(file) as text:
            document = json.load(text)
        sets += document.get("sets", [])
        for entry in document.get("ranges", []):
            if entry["cloud"] == CLOUD:
                ranges[entry["name"]] = entry["networks"]
    return sets, ranges


def permits_of(sets, ranges, traffic):
    """One permit for each flow, kind of remote and role; what is inferred, unstated or retired stays closed."""
    for one in sets:
        if one["traffic"] != traffic or one.get("retired"):
            continue
        for flow in one.get("flows", []):
            for remote in flow["remotes"]:
                facts = [flow["direction"], flow.get("protocol"), flow.get("ports"), *remote.values()]
                if None in facts or any(fact["basis"] == "inferred" for fact in facts):
                    continue
                if CLOUD in remote["clouds"]["value"]:
                    yield from permits_of_remote(one, flow, remote, ranges)


def permits_of_remote(one, flow, remote, ranges):
    if "range" in remote and remote["range"]["value"] not in ranges:
        name = remote["range"]["value"]
        for role in flow["roles"]:
            for kind in FAMILIES.values():
                yield permit_of(one, flow, role, kind, range=name)
        return
    if "hosts" in remote:
        hosts = [host for host in remote["hosts"]["value"] if "<" not in host]
        if hosts:
            for role in flow["roles"]:
                yield permit_of(one, flow, role, "fqdn", hosts=hosts)
        return
    networks = ranges[remote["range"]["value"]] if "range" in remote else remote["networks"]["value"]
    networks = normalise(networks)
    for version, kind in FAMILIES.items():
        family = [network for network in networks if network.version == version]
        if family:
            for role in flow["roles"]:
                yield permit_of(one, flow, role, kind, networks=family)


def permit_of(one, flow, role, kind, **remote):
    names = [one["key"], flow.get("id"), role, kind]
    return {
        "key": ".".join(name for name in names if name),
        "traffic": one["traffic"],
        "set": one["key"],
        "description": flow.get("title") or one["title"],
        "direction": flow["direction"]["value"],
        "role": role,
        "protocol": flow["protocol"]["value"],
        "ports": flow["ports"]["value"],
        "kind": kind,
        **remote,
    }


def normalise(texts):
    """Sorted, none twice, none inside another. `cidr_merge` would join neighbours, too, and hide what changes."""
    kept = []
    for network in sorted(IPNetwork(text) for text in texts):
        if not (kept and kept[-1].version == network.version and network.last <= kept[-1].last):
            kept.append(network)
    return kept


def expressible(permit, target):
    """What a target can say of a permit, as permits."""
    if target == "azure-firewall":
        if permit["kind"] == "ipv6":
            return []
        if "hosts" in permit:
            return list(names_of_azure_firewall(permit))
    if "hosts" in permit and target in ("azure-nsg", "aws-security-group"):
        return []
    return [dict(permit)]


def names_of_azure_firewall(permit):
    """Names are read on ports 80 and 443 of TCP, and looked up, without wildcards, on others."""
    if permit["direction"] == "inbound":
        return
    read = [port for port in permit["ports"] if permit["protocol"] == "tcp" and port in ("80", "443")]
    if read:
        yield {**permit, "ports": read}
    ports = [port for port in permit["ports"] if port not in read]
    hosts = [host for host in permit["hosts"] if "*" not in host]
    if ports and hosts:
        key = permit["key"].removesuffix("fqdn") + "lookup"
        yield {**permit, "key": key, "ports": ports, "hosts": hosts}


def hosts_of(permit):
    return permit["traffic"], permit["role"]


def service_of(permit, port):
    return (*hosts_of(permit), permit["direction"], permit["protocol"], port)


def number_ports(permits):
    services = {service_of(permit, port) for permit in permits for port in permit["ports"]}
    slots, used = {}, {}
    for service in sorted(services, key=lambda service: (service[:-1], int(service[-1].split("-")[0]))):
        used[service[:-1]] = slots[service] = used.get(service[:-1], 0) + 1
    return slots


def give_priorities(permits, priorities):
    for permit in permits:
        given = priorities.setdefault(permit["direction"], {})
        if permit["key"] not in given:
            given[permit["key"]] = 100 + 10 * len(given)


def rule_of(permit, slot, network):
    return (permit["direction"], permit["protocol"], slot, network)


def number_groups(permits, slots):
    """The security group of each rule: the lowest with room, counted by direction and family."""
    wanted = {}
    for permit in permits:
        rules = wanted.setdefault(hosts_of(permit), set())
        for network in permit.get("networks", []):
            for port in permit["ports"]:
                rules.add(rule_of(permit, slots[service_of(permit, port)], network))
    groups = {}
    for hosts, rules in wanted.items():
        loads = {}
        for rule in sorted(rules):
            family = rule[0], rule[3].version
            loads[family] = loads.get(family, 0) + 1
            groups[hosts, rule] = (loads[family] - 1) // RULES_PER_GROUP + 1
        full = max((group for (whose, _), group in groups.items() if whose == hosts), default=0)
        groups[hosts, "ranges"] = full + 1
    return groups


def rows_of(permit, target, slots, priorities, groups):
    """The rows of a permit, by key: one, unless full security groups divide it."""
    row = {name: value for name, value in permit.items() if name not in ("key", "traffic")}
    key = permit["key"]
    if target in PRIORITIES:
        row["priority"] = priorities[permit["direction"]][key]
    if target in SLOTS:
        row["slots"] = [slots[service_of(permit, port)] for port in permit["ports"]]
    if target != "aws-security-group":
        yield key, row
        return
    if "range" in row:
        yield key, {**row, "group": groups[hosts_of(permit), "ranges"]}
        return
    shares = {}
    for network in permit["networks"]:
        for port, slot in zip(permit["ports"], row["slots"]):
            group = groups[hosts_of(permit), rule_of(permit, slot, network)]
            shares.setdefault(group, {}).setdefault(network, []).append((port, slot))
    for group, share in sorted(shares.items()):
        name = key if group == 1 else f"{key}.{group}"
        if len({tuple(services) for services in share.values()}) == 1:
            services = next(iter(share.values()))
            yield name, piece_of(row, group, services, list(share))
            continue
        present = sorted({service for services in share.values() for service in services}, key=lambda one: one[1])
        for number, service in enumerate(present):
            networks = [network for network, services in share.items() if service in services]
            further = f".slot{service[1]}" if number else ""
            yield name + further, piece_of(row, group, [service], networks)


def piece_of(row, group, services, networks):
    ports, slots = zip(*services)
    return {**row, "group": group, "ports": ports, "slots": slots, "networks": networks}


if __name__ == "__main__":
    main()
