//! A provider at work: each method of the protocol, for any resource of the contract.

use std::io;
use std::sync::Mutex;

use prost::{DecodeError, Message};

use crate::cloud::{Cloud, Objects};
use crate::contract::{self, Resource};
use crate::plan::{Plan, plan, settle};
use crate::protocol::{
    ApplyRequest, ApplyResponse, AttributePath, ConfigureRequest, Diagnostic, DynamicValue, Empty,
    PlanRequest, PlanResponse, Problems, ReadRequest, ReadResponse, UpgradeRequest,
    UpgradeResponse, ValidateRequest,
};
use crate::refusal::Refusal;
use crate::value::Value;
use crate::{aws, azure, schema};

pub struct Provider {
    side: Side,
    contract: contract::Provider,
    cloud: Cloud,
    /// What the provider block says.
    settings: Mutex<Value>,
}

#[derive(Clone, Copy)]
enum Side {
    Azure,
    Aws,
}

impl Provider {
    pub const METHODS: &[&str] = &[
        "ApplyResourceChange",
        "ConfigureProvider",
        "GetProviderSchema",
        "PlanResourceChange",
        "ReadResource",
        "StopProvider",
        "UpgradeResourceState",
        "ValidateProviderConfig",
        "ValidateResourceConfig",
    ];

    /// The provider that goes by a file's name, such as `terraform-provider-aws_v6.0.0`; none if there is none.
    ///
    /// # Errors
    ///
    /// If the cloud's file can't be opened.
    pub fn by_file_name(name: &str) -> io::Result<Option<Self>> {
        let name = name.strip_prefix("terraform-provider-").unwrap_or(name);
        let name = name.split_once("_v").map_or(name, |(name, _)| name);
        let side = match name {
            "azurerm" => Side::Azure,
            "aws" => Side::Aws,
            _ => return Ok(None),
        };
        let Some(contract) = contract::contract().remove(name) else {
            return Ok(None);
        };
        Ok(Some(Self {
            side,
            contract,
            cloud: Cloud::from_environment()?,
            settings: Mutex::new(Value::Null),
        }))
    }

    /// Answers one call.
    pub(crate) async fn call(&self, method: &str, message: &[u8]) -> Result<Vec<u8>, DecodeError> {
        Ok(match method {
            "GetProviderSchema" => schema::response(&self.contract).encode_to_vec(),
            "ConfigureProvider" => {
                let request = ConfigureRequest::decode(message)?;
                *self.settings.lock().expect("nothing panics here") = request.config.into();
                Problems::default().encode_to_vec()
            }
            "ValidateResourceConfig" => self
                .validate(ValidateRequest::decode(message)?)
                .encode_to_vec(),
            // Versions never change here, so a state is passed back as it came.
            "UpgradeResourceState" => UpgradeResponse {
                upgraded_state: Some(DynamicValue {
                    json: UpgradeRequest::decode(message)?
                        .raw_state
                        .unwrap_or_default()
                        .json,
                    ..DynamicValue::default()
                }),
            }
            .encode_to_vec(),
            "ReadResource" => self.read(ReadRequest::decode(message)?).encode_to_vec(),
            "PlanResourceChange" => self.plan(PlanRequest::decode(message)?).encode_to_vec(),
            "ApplyResourceChange" => {
                let request = ApplyRequest::decode(message)?;
                tokio::time::sleep(self.cloud.delay()).await;
                self.apply(request).encode_to_vec()
            }
            // Those that have nothing to say.
            _ => Empty::default().encode_to_vec(),
        })
    }

    fn resource(&self, kind: &str) -> &Resource {
        self.contract
            .resources
            .get(kind)
            .expect("terraform asks only for what the schema has")
    }

    fn validate(&self, request: ValidateRequest) -> Problems {
        let config = request.config.into();
        let refusals = match self.side {
            Side::Azure => azure::check(&request.type_name, &config),
            Side::Aws => aws::check(&request.type_name, &config),
        };
        Problems {
            diagnostics: refusals.into_iter().map(Diagnostic::from).collect(),
        }
    }

    fn read(&self, request: ReadRequest) -> ReadResponse {
        let mut state = Value::from(request.current_state);
        let found = self.cloud.with(|objects| {
            let id = state.text("id").unwrap_or_default().to_owned();
            if objects.lacks(&id) {
                state = Value::Null;
                return;
            }
            match objects.get(&id) {
                Some(Value::Object(attributes)) => {
                    for (name, value) in attributes {
                        state.set(name, value.clone());
                    }
                }
                _ => objects.keep(&request.type_name, &state),
            }
        });
        ReadResponse {
            new_state: Some(state.into()),
            diagnostics: found.err().map(unreachable).into_iter().collect(),
        }
    }

    fn plan(&self, request: PlanRequest) -> PlanResponse {
        let resource = self.resource(&request.type_name);
        let prior = request.prior_state.into();
        let proposed = Value::from(request.proposed_new_state);
        let mut planned = if proposed.is_null() {
            Plan {
                state: Value::Null,
                replaced_by: Vec::new(),
            }
        } else {
            plan(resource, &prior, proposed, &request.config.into())
        };
        if let Side::Aws = self.side {
            let settings = self.settings.lock().expect("nothing panics here");
            aws::plan(&request.type_name, &settings, &prior, &mut planned);
        }
        PlanResponse {
            planned_state: Some(planned.state.into()),
            requires_replace: planned
                .replaced_by
                .iter()
                .map(|name| AttributePath::to(name))
                .collect(),
            legacy_type_system: resource.is_legacy(),
        }
    }

    fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        let kind = &request.type_name;
        let resource = self.resource(kind);
        let prior = Value::from(request.prior_state);
        let planned = Value::from(request.planned_state);
        let done = self.cloud.with(|objects| {
            if planned.is_null() {
                self.delete(objects, kind, &prior).map(|()| Value::Null)
            } else {
                self.put(objects, kind, &prior, planned).map(|mut state| {
                    settle(resource, &mut state);
                    objects.keep(kind, &state);
                    state
                })
            }
        });
        // What failed has changed nothing.
        let (state, problem) = match done {
            Ok(Ok(state)) => (state, None),
            Ok(Err(refusal)) => (prior, Some(refusal.into())),
            Err(error) => (prior, Some(unreachable(error))),
        };
        ApplyResponse {
            new_state: Some(state.into()),
            diagnostics: problem.into_iter().collect(),
            legacy_type_system: resource.is_legacy(),
        }
    }

    fn put(
        &self,
        objects: &mut Objects,
        kind: &str,
        prior: &Value,
        planned: Value,
    ) -> Result<Value, Refusal> {
        let settings = self.settings.lock().expect("nothing panics here");
        match self.side {
            Side::Azure => azure::put(objects, &settings, kind, prior, planned),
            Side::Aws => aws::put(objects, &settings, kind, prior, planned),
        }
    }

    fn delete(&self, objects: &mut Objects, kind: &str, prior: &Value) -> Result<(), Refusal> {
        match self.side {
            Side::Azure => azure::delete(objects, kind, prior)?,
            Side::Aws => aws::delete(objects, kind, prior)?,
        }
        objects.remove(prior.text("id").unwrap_or_default());
        Ok(())
    }
}

fn unreachable(error: io::Error) -> Diagnostic {
    Refusal::by_api("the stand-in's cloud can't be used", error).into()
}
