//! Host names for those who filter by name, each in rules that say exactly what it says.

use crate::catalogue::ports::joined;
use crate::catalogue::{HostPattern, PortRange};
use crate::error::quoted;
use crate::express::Speaker;
use crate::gap::{NameLimit, Reason, wanted};
use crate::permit::{Permit, PermitRemote};
use crate::recipient::{Share, divide};

impl Speaker<'_> {
    /// Says names in the rules that take them; what none can say is a gap.
    pub(super) fn name(&mut self, permit: &Permit, hosts: &[HostPattern]) {
        let rules = self.recipient.expresses.hosts;
        for share in divide(
            rules,
            permit.direction,
            permit.protocol,
            &permit.ports,
            hosts,
        ) {
            let Share {
                ports,
                hosts,
                verdict,
            } = share;
            match verdict {
                Err(limit) => self.name_gap(permit, &ports, &hosts, limit),
                Ok(rules) => {
                    let is_plain = |port: &PortRange| {
                        port.is_single() && rules.plain_ports.contains(&port.first())
                    };
                    let other: Vec<PortRange> = ports
                        .iter()
                        .copied()
                        .filter(|port| !is_plain(port))
                        .collect();
                    if let Some(remark) = rules.remark.filter(|_| !other.is_empty()) {
                        let names = quoted(&hosts);
                        let name = self.recipient.name;
                        self.remark(
                            permit,
                            format!(
                                "`{name}`, {} {}: {names} {remark}",
                                permit.protocol,
                                joined(&other, ", ")
                            ),
                        );
                    }
                    self.push(Permit {
                        ports,
                        remote: PermitRemote::Hosts(hosts),
                        form: rules.form,
                        ..permit.clone()
                    });
                }
            }
        }
    }

    fn name_gap(
        &mut self,
        permit: &Permit,
        ports: &[PortRange],
        hosts: &[HostPattern],
        limit: NameLimit,
    ) {
        let remedy = match limit {
            NameLimit::Source => {
                "admit the source by its addresses in a rule of your own, if you know them"
            }
            NameLimit::Wildcard(_) | NameLimit::Service => {
                "write the names that your hosts really use into a rule of your own, or let a proxy filter by name"
            }
        };
        self.gap(
            permit,
            wanted(
                permit.direction,
                Some((permit.protocol, ports)),
                &quoted(hosts),
            ),
            Reason::Names(self.recipient.title.to_owned(), limit),
            remedy.to_owned(),
        );
    }
}
