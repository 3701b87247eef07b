//! From neutral permits to what each recipient of them can say: a Terraform target, or a format of
//! text. What it can't say becomes gaps, never something wider.

mod hosts;
mod ladder;

use crate::catalogue::{Catalogue, Kind};
use crate::gap::{Gap, Reason, Remark, wanted};
use crate::options::Options;
use crate::permit::{Permit, PermitRemote};
use crate::recipient::Recipient;
use crate::resolve::Resolution;

/// What one recipient makes of all permits.
#[derive(Debug)]
pub struct Expressed {
    /// The recipient's name.
    pub name: String,
    pub title: String,
    pub is_format: bool,
    /// Whether it is a template of the user's own.
    pub is_own: bool,
    /// In the order of those that they come from.
    pub permits: Vec<Permit>,
    pub gaps: Vec<Gap>,
    pub remarks: Vec<Remark>,
}

/// Says the permits of `resolution` as each of `recipients` can.
#[must_use]
pub fn express(
    resolution: &Resolution,
    catalogue: &Catalogue,
    options: &Options,
    recipients: &[Recipient<'_>],
) -> Vec<Expressed> {
    recipients
        .iter()
        .map(|recipient| {
            let mut speaker = Speaker {
                recipient: *recipient,
                catalogue,
                options,
                expressed: Expressed {
                    name: recipient.name.to_owned(),
                    title: recipient.title.to_owned(),
                    is_format: recipient.is_format,
                    is_own: recipient.is_own,
                    permits: Vec::new(),
                    gaps: Vec::new(),
                    remarks: Vec::new(),
                },
            };
            for permit in &resolution.permits {
                speaker.permit(permit);
            }
            speaker.expressed
        })
        .collect()
}

/// Says one permit after the other for one recipient.
struct Speaker<'a> {
    recipient: Recipient<'a>,
    catalogue: &'a Catalogue,
    options: &'a Options,
    expressed: Expressed,
}

impl Speaker<'_> {
    fn permit(&mut self, permit: &Permit) {
        let expresses = self.recipient.expresses;
        match &permit.remote {
            PermitRemote::Hosts(hosts) if expresses.is_address_only() => self.climb(permit, hosts),
            PermitRemote::Hosts(hosts) => self.name(permit, hosts),
            PermitRemote::Range(name) if !expresses.ranges => {
                let text = format!("`{name}`");
                self.gap(
                    permit,
                    wanted(
                        permit.direction,
                        Some((permit.protocol, &permit.ports)),
                        &text,
                    ),
                    Reason::YourRange,
                    format!("make a list of `{name}` yourself"),
                );
            }
            _ if expresses.networks.contains(&permit.kind) => self.push(permit.clone()),
            remote => {
                let text = match remote {
                    PermitRemote::Range(name) => format!("`{name}` over {}", permit.kind.title()),
                    PermitRemote::Networks(networks) => {
                        format!("{} {} networks", networks.len(), permit.kind.title())
                    }
                    PermitRemote::ServiceTag(tag) => format!("`{tag}`"),
                    PermitRemote::Hosts(_) => String::new(),
                };
                self.family_gap(permit, permit.kind, &text);
            }
        }
    }

    /// What stays closed because addresses of `kind` can't be said.
    fn family_gap(&mut self, permit: &Permit, kind: Kind, remote: &str) {
        let service = Some((permit.protocol, permit.ports.as_slice()));
        self.gap(
            permit,
            wanted(permit.direction, service, remote),
            Reason::Family(self.recipient.title.to_owned(), kind),
            format!(
                "where your hosts have {} addresses, open it in a firewall that filters them",
                kind.title()
            ),
        );
    }

    fn push(&mut self, permit: Permit) {
        self.expressed.permits.push(permit);
    }

    /// One gap a flow and thing wanted, naming all its roles.
    fn gap(&mut self, permit: &Permit, what: String, why: Reason, remedy: String) {
        let same = |gap: &&mut Gap| {
            (gap.cloud, gap.traffic) == (permit.cloud, permit.traffic)
                && (&gap.set, &gap.flow) == (&permit.set, &permit.flow)
                && gap.what == what
        };
        if let Some(gap) = self.expressed.gaps.iter_mut().find(same) {
            if !gap.roles.contains(&permit.role) {
                gap.roles.push(permit.role.clone());
            }
            return;
        }
        self.expressed.gaps.push(Gap {
            cloud: permit.cloud,
            traffic: permit.traffic,
            set: permit.set.clone(),
            row: permit.row,
            flow: permit.flow.clone(),
            roles: vec![permit.role.clone()],
            target: Some(self.recipient.name.to_owned()),
            what,
            why,
            remedy,
        });
    }

    fn remark(&mut self, permit: &Permit, text: String) {
        let remark = Remark {
            cloud: permit.cloud,
            set: permit.set.clone(),
            text,
        };
        if !self.expressed.remarks.contains(&remark) {
            self.expressed.remarks.push(remark);
        }
    }
}
