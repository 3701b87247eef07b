//! One binary for both providers: the name of its file says which it is.

use std::path::Path;
use std::process::ExitCode;

use terraform_provider_stand_in::{provider::Provider, rpc};

fn main() -> ExitCode {
    // As it was called, since a mirror may hold links to one file.
    let called = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&called)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let done = match Provider::by_file_name(&name) {
        Ok(Some(provider)) => rpc::serve(provider),
        Ok(None) => Err(format!("`{name}` names neither azurerm nor aws").into()),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
