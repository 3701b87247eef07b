//! Terraform's own word: that what is written otherwise is still the same to it.

use std::fmt::Write as _;

use serde_json::Value;

use super::base::Base;
use super::dice::Dice;
use super::kind::{Make, Meaning};
use super::kinds;
use crate::support::Desk;
use crate::support::terraform::Terraform;

/// A folder with the rows of `text` as its output: it needs neither the module nor its variables.
fn write(desk: &Desk, folder: &str, text: &str) {
    let text = text
        .replacen("module \"rules\" {", "locals {", 1)
        .replace(" var.", " null # ");
    desk.write(&format!("{folder}/main.tf"), &text);
    let output = "output \"rules\" {\n  value = local.rules\n}\n";
    desk.write(&format!("{folder}/outputs.tf"), output);
}

/// The rows of an output, without fields of null.
fn rows(outputs: &Value, name: &str) -> Value {
    let mut rows = outputs[name]["value"].clone();
    for row in rows
        .as_object_mut()
        .expect("rows are an object")
        .values_mut()
    {
        let fields = row.as_object_mut().expect("a row is an object");
        fields.retain(|_, value| !value.is_null());
        // It means nothing, and is changed nowhere but as a whole.
        fields.remove("description");
    }
    rows
}

#[test]
fn what_is_laid_out_otherwise_is_the_same_to_terraform() {
    let Some(terraform) = Terraform::alone("layouts of rows") else {
        return;
    };
    let base = Base::generated("--target azure-nsg --target aws-security-group", &[]);
    let desk = Desk::new();
    let (mut root, mut pairs) = (String::new(), Vec::new());
    let mut call = |folder: &str, text: &str| {
        write(&desk, folder, text);
        let _ = writeln!(
            root,
            "module \"{folder}\" {{\n  source = \"./{folder}\"\n}}\noutput \"{folder}\" {{\n  value = module.{folder}.rules\n}}"
        );
    };
    for (number, (_, main)) in base.mains.iter().enumerate() {
        let original = format!("main{number}");
        call(&original, &main.render().text);
        for (kind_number, kind) in kinds().enumerate() {
            let Make::Text(Meaning::Same, write) = kind.make else {
                continue;
            };
            let mut dice = Dice::new(kind_number as u64);
            if let Some(written) = write(&mut dice, main) {
                let folder = format!("main{number}kind{kind_number}");
                call(&folder, &written.text);
                pairs.push((original.clone(), folder, kind.name));
            }
        }
    }
    desk.write("main.tf", &root);
    terraform.succeeds(desk.path(), &["init"]);
    terraform.succeeds(desk.path(), &["apply", "-auto-approve"]);
    let outputs = terraform.succeeds(desk.path(), &["output", "-json"]);
    let outputs: Value = serde_json::from_str(&outputs).expect("outputs are JSON");
    assert!(!pairs.is_empty());
    for (original, folder, kind) in pairs {
        assert_eq!(rows(&outputs, &original), rows(&outputs, &folder), "{kind}");
    }
}
