//! The command line, case by case: `tests/cmd/*.toml`. `TRYCMD=overwrite` accepts what it prints.

#[test]
fn cases() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}
