//! Exceptions, from texts to what they let in.

use super::document::ExceptionText;
use super::{Day, Exception, GRANTS, Grant, INCLUDE_RETIRED, INFER, Place, names};
use crate::catalogue::{Catalogue, EndpointSet, Flow, FlowId, ServiceTag};
use crate::error::nearest;
use crate::options::{HostsChoice, InPlace};
use crate::permit::Rung;

/// Checks an exception against the sets that there are.
///
/// # Errors
/// Everything that is wrong with it: a field, and why.
pub fn read(
    catalogue: &Catalogue,
    text: &ExceptionText,
    place: Place,
) -> Result<Exception, Vec<(&'static str, String)>> {
    let mut whys = Vec::new();
    let set = names::set(catalogue, &text.set).map_err(|why| whys.push(("set", why)));
    let reason = names::prose(&text.reason).map_err(|why| whys.push(("reason", why)));
    let expires = Day::parse(&text.expires).map_err(|why| whys.push(("expires", why)));
    let flow = match (&set, &text.flow) {
        (Ok(set), Some(flow)) => {
            names::flow(set, Some(flow)).map_err(|why| whys.push(("flow", why)))
        }
        _ => Ok(None),
    };
    let grant = match (&set, &flow) {
        (Ok(set), Ok(flow)) => {
            grant(set, flow.as_ref(), &text.grant).map_err(|why| whys.push(("grant", why)))
        }
        _ => word(&text.grant)
            .map(|_| Grant::Infer)
            .map_err(|why| whys.push(("grant", why))),
    };
    match (set, flow, grant, reason, expires) {
        (Ok(set), Ok(flow), Ok(grant), Ok(reason), Ok(expires)) => Ok(Exception {
            set: set.key.clone(),
            flow,
            grant,
            reason,
            expires,
            place,
        }),
        _ => Err(whys),
    }
}

/// What a word lets in, but for which set.
enum Word {
    Infer,
    IncludeRetired,
    Hosts(InPlace),
}

fn word(text: &str) -> Result<Word, String> {
    let (name, tag) = match text.split_once(':') {
        Some((name, tag)) => (name, Some(tag)),
        None => (text, None),
    };
    match (name, tag) {
        (INFER, None) => Ok(Word::Infer),
        (INCLUDE_RETIRED, None) => Ok(Word::IncludeRetired),
        (name, None) if name == Rung::WebService.as_str() => Ok(Word::Hosts(InPlace::WebService)),
        (name, None) if name == Rung::Any.as_str() => Ok(Word::Hosts(InPlace::Any)),
        (name, Some(tag)) if name == Rung::ServiceTag.as_str() => {
            ServiceTag::parse(tag).map(|tag| Word::Hosts(InPlace::ServiceTag(tag)))
        }
        _ => {
            let known = GRANTS.map(ToOwned::to_owned);
            let near = nearest(name, &known).map(|near| format!("; did you mean `{near}`?"));
            Err(format!(
                "`{}` is nothing to grant, which is `infer`, `include-retired`, `web-service`, `service-tag:TAG` or `any`{}",
                text.escape_debug(),
                near.unwrap_or_default()
            ))
        }
    }
}

fn grant(set: &EndpointSet, flow: Option<&FlowId>, text: &str) -> Result<Grant, String> {
    match word(text)? {
        Word::Infer => Ok(Grant::Infer),
        Word::IncludeRetired if flow.is_some() => Err(format!(
            "the service of `{}` ended as a whole; leave `flow` out",
            set.key
        )),
        Word::IncludeRetired => Ok(Grant::IncludeRetired),
        Word::Hosts(in_place) => {
            let own = set.flows.iter();
            let own = own.filter(|other| flow.is_none() || other.id.as_ref() == flow);
            let mut hosts = own.flat_map(Flow::hosts);
            if !hosts.any(|host| host.placeholder().is_none()) {
                return Err(
                    "no host names to allow are stated there, so nothing stands in their place"
                        .to_owned(),
                );
            }
            Ok(Grant::Hosts(HostsChoice {
                set: set.key.clone(),
                flow: flow.cloned(),
                in_place,
            }))
        }
    }
}
