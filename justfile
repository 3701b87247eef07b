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

# Licences, advisories and sources of the dependencies.
deny:
    cargo deny check
