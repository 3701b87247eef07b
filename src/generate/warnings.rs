//! What a run should say beside its report.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{EndpointSet, PortRange, Protocol, Role, SetKey};
use crate::changes::{Change, Changes};
use crate::error::quoted;
use crate::express::Expressed;
use crate::options::{HostsChoice, Options, Scope};
use crate::overlay::{Exception, Grant};
use crate::permit::Form;
use crate::recipient::Recipient;
use crate::report::Report;
use crate::select::{Selection, Verdict};
use crate::template::Template;
use crate::write::Difference;

/// Texts that become others though their permits stay, or though nothing is known of what they were made of.
pub fn untold_texts(
    changes: &[Change],
    difference: &Difference,
    templates: &[Template],
    is_known: bool,
) -> Vec<String> {
    let mut warnings = Vec::new();
    for path in &difference.stale {
        let mut parts = path.rsplitn(3, '/');
        let (_, folder, place) = (parts.next(), parts.next(), parts.next());
        let (Some(folder), Some(place)) = (folder, place) else {
            continue;
        };
        let told = |change: &Change| change.place == place && change.targets.contains(folder);
        let is_text = templates.iter().any(|template| template.name == folder);
        if is_text && !is_known {
            warnings.push(format!(
                "`{path}` becomes another text, and what that opens and closes can't be told: nothing says what it was made of"
            ));
        } else if is_text && !changes.iter().any(told) {
            warnings.push(format!(
                "`{path}` becomes another text for the same permits: its template is another one, or somebody has edited it"
            ));
        }
    }
    warnings
}

/// What changes in ways that rows don't tell, or beyond the folder.
pub fn half_known(changes: &Changes) -> Vec<String> {
    let unreadable = changes.unreadable.iter().map(|path| {
        format!("`{path}` held no rows that can be read, so what changes in it can't be told")
    });
    let gone = changes.roles_gone.iter().map(|(target, roles)| {
        let roles: Vec<&Role> = roles.iter().collect();
        format!(
            "`{target}` has no rule any more for {}: take them out of the values that you give by role, where Terraform refuses them",
            quoted(&roles)
        )
    });
    unreadable.chain(gone).collect()
}

/// What the user asked to open to anywhere is said in every run.
pub fn opened_anywhere(report: &Report, options: &Options) -> Vec<String> {
    let mut opened: BTreeMap<_, BTreeSet<(Protocol, PortRange)>> = BTreeMap::new();
    for open in report.open.iter().filter(|open| open.anywhere) {
        let exception = options.hosts_exception(&open.set, open.flow.as_ref());
        let because = exception.map_or_else(
            || "`--hosts`".to_owned(),
            |(_, exception)| because(exception),
        );
        let known = opened
            .entry((open.direction, &open.set, because))
            .or_default();
        known.extend(open.ports.iter().map(|port| (open.protocol, *port)));
    }
    opened
        .into_iter()
        .map(|((direction, set, because), services)| {
            let services: Vec<String> = services
                .into_iter()
                .map(|(protocol, port)| format!("{protocol}/{port}"))
                .collect();
            format!(
                "`{set}` is open {direction} {} anywhere on {}, because of {because}",
                direction.preposition(),
                services.join(", ")
            )
        })
        .collect()
}

/// `an exception of the overlay `T` until 2027-06-30`.
fn because(exception: &Exception) -> String {
    format!(
        "an exception of the overlay `{}` until {}",
        exception.place.overlay, exception.expires
    )
}

/// Choices for host names of selected sets that no target or template has a use for.
pub fn idle_choices(
    selection: &Selection<'_>,
    options: &Options,
    expressed: &[Expressed],
) -> Vec<String> {
    let opens = |choice: &HostsChoice| {
        let mut permits = expressed.iter().flat_map(|expressed| &expressed.permits);
        permits.any(|permit| {
            matches!(permit.form, Form::InPlace(_))
                && options
                    .hosts_choice(&permit.set, permit.flow.as_ref())
                    .is_some_and(|chosen| std::ptr::eq(chosen, choice))
        })
    };
    let idle = options
        .all_hosts()
        .filter(|(choice, _)| is_selected(selection, &choice.set))
        .filter(|(choice, _)| !opens(choice));
    idle.map(|(choice, exception)| {
        let named = exception.map_or_else(|| format!("`--hosts {}`", choice.word()), named);
        format!(
            "{named} opens nothing: no target or template here can say it, nothing is published for these names, or another choice goes before it"
        )
    })
    .collect()
}

/// An exception as it stands in a sentence.
fn named(exception: &Exception) -> String {
    format!(
        "the exception `{}` for `{}` of the overlay `{}`",
        exception.grant.word(),
        exception.subject(),
        exception.place.overlay
    )
}

fn is_selected(selection: &Selection<'_>, key: &SetKey) -> bool {
    let mut sets = selection.sets.iter();
    sets.any(|(set, verdict)| set.key == *key && matches!(verdict, Verdict::Selected(_)))
}

/// Decisions of overlays that change nothing, which a user should know.
pub fn idle_decisions(
    selection: &Selection<'_>,
    options: &Options,
    recipients: &[Recipient<'_>],
) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut recipients = recipients.iter();
    let by_address = recipients.any(|recipient| recipient.expresses.is_address_only());
    let set = |key: &SetKey| {
        let mut sets = selection.sets.iter();
        sets.find(|(set, _)| set.key == *key).map(|(set, _)| *set)
    };
    for exception in &options.overlaid.exceptions {
        let set = set(&exception.set);
        let why = match &exception.grant {
            Grant::Infer if !set.is_some_and(EndpointSet::has_inferred_facts) => {
                "no fact of the set is inferred"
            }
            Grant::IncludeRetired if set.is_none_or(|set| set.retired.is_none()) => {
                "the service has not ended"
            }
            Grant::Hosts(_) if !by_address => "no target or template filters by address only",
            _ if !is_selected(selection, &exception.set) => "the set is not selected",
            _ => continue,
        };
        warnings.push(format!("{} has no effect: {why}", named(exception)));
    }
    for (choice, place) in &options.overlaid.ports {
        let chosen = options.port_choice(&choice.set, choice.flow.as_ref());
        let why = if !is_selected(selection, &choice.set) {
            "the set is not selected"
        } else if chosen.is_some_and(|(_, place)| place.is_none()) {
            "`--port` goes before it"
        } else {
            continue;
        };
        warnings.push(format!(
            "the ports of `{choice}` in the overlay `{}` have no effect: {why}",
            place.overlay
        ));
    }
    warnings
}

/// Options that change nothing, which a user should know.
pub fn idle_options(
    selection: &Selection<'_>,
    options: &Options,
    recipients: &[Recipient<'_>],
) -> Vec<String> {
    let mut warnings = Vec::new();
    let by_address = |recipient: &Recipient<'_>| recipient.expresses.is_address_only();
    if !options.hosts.is_empty() && !recipients.iter().any(by_address) {
        warnings.push(
            "`--hosts` has no effect: no target or template filters by address only".to_owned(),
        );
    }
    let has_groups = options.targets.iter().any(|target| target.groups.is_some());
    if options.aws_rules_per_group.is_some() && !has_groups {
        warnings.push(
            "`--aws-rules-per-group` has no effect: no target has security groups".to_owned(),
        );
    }
    if options.prune_groups && !has_groups {
        warnings.push("`--prune-groups` has no effect: no target has security groups".to_owned());
    }
    for (set, verdict) in &selection.sets {
        let mut idle = |flag: &str, why: &str| {
            warnings.push(format!("`{flag} {}` has no effect: {why}", set.key));
        };
        let named = |scope: &Scope| matches!(scope, Scope::Only(sets) if sets.contains(&set.key));
        let selected = matches!(verdict, Verdict::Selected(_));
        let not_selected = "the set is not selected";
        if named(&options.infer) && !set.has_inferred_facts() {
            idle("--infer", "no fact of the set is inferred");
        } else if named(&options.infer) && !selected {
            idle("--infer", not_selected);
        }
        if named(&options.include_retired) && set.retired.is_none() {
            idle("--include-retired", "the service has not ended");
        } else if named(&options.include_retired) && !selected {
            idle("--include-retired", not_selected);
        }
        if !selected && options.hosts.iter().any(|choice| choice.set == set.key) {
            idle("--hosts", not_selected);
        }
        if !selected && options.ports.iter().any(|choice| choice.set == set.key) {
            idle("--port", not_selected);
        }
    }
    warnings
}
