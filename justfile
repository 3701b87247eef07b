# `just` alone lists what there is.
default:
    @just --list

# The main job: write the catalogue as Terraform.
generate *ARGS:
    cargo run --release -- generate {{ ARGS }}

# The tests, as the README has them.
test:
    cargo test

# Everything that has to pass before a change lands.
ci:
    .ci/run

# Accept what the examples and golden files have become; read the diff before you commit it.
accept:
    PERIMETER365_ACCEPT=1 TRYCMD=overwrite cargo test --test examples --test modules --test readme --test cmd --test small_changes

# How long each step takes.
bench:
    cargo bench

# The same work by what people use today, as a table of ratios; PARTS are letters, `a`, `b`, `d`, `e` or `f`, and a number of networks.
bench-peers *PARTS='all':
    test benches/peers/requirements.txt -ot target/peers/installed || { python3 -m venv target/peers && target/peers/bin/pip install --quiet -r benches/peers/requirements.txt && touch target/peers/installed; }
    cargo bench --bench peers -- {{ PARTS }}

# Licences, advisories and sources of the dependencies.
deny:
    cargo deny check

# Give every reader what chance makes up, for so many seconds each.
fuzz SECONDS:
    fuzz/run {{ SECONDS }}
