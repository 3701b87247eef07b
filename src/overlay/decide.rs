//! What an overlay decides of sets that there are.

use super::apply::{Applier, place, source};
use super::document::{Document, OverlayFile, PortsText, RangeText};
use super::{Decisions, Exclusion, Place, exceptions, names};
use crate::catalogue::{
    Cloud, Endpoints, NamedRange, PortRange, Protocol, RangeName, SetKey, network,
};
use crate::error::Error;
use crate::options::PortChoice;
use crate::source::web_service::EXCHANGE_ONLINE;

impl Applier {
    pub(super) fn decide(&mut self, file: &OverlayFile) {
        let Document {
            exclude,
            ports,
            ranges,
            exceptions: grants,
            ..
        } = &file.document;
        let broken = self.broken.clone();
        let exclude = exclude.iter().enumerate();
        for (index, text) in exclude.filter(|(_, text)| !broken.contains(&text.set)) {
            let place = place(file, format!("exclude[{index}]"));
            let set = names::set(&self.catalogue, &text.set).map(|set| set.key.clone());
            let set = self.accept(&place, set);
            let reason = self.accept(&place, names::prose(&text.reason));
            if let (Some(set), Some(reason)) = (set, reason) {
                let other = self
                    .decisions
                    .exclusion(&set)
                    .map(|other| other.place.clone());
                if self.is_new(&place, &format!("`{set}`"), other.as_ref()) {
                    self.decisions
                        .exclusions
                        .push(Exclusion { set, reason, place });
                }
            }
        }
        let ports = ports.iter().enumerate();
        for (index, text) in ports.filter(|(_, text)| !broken.contains(&text.set)) {
            let place = place(file, format!("ports[{index}]"));
            let Some(choice) = self.ports(text, &place) else {
                continue;
            };
            let mut others = self.decisions.ports.iter();
            let same =
                |other: &PortChoice| (&other.set, &other.flow) == (&choice.set, &choice.flow);
            let other = others.find(|(other, _)| same(other));
            let other = other.map(|(_, place)| place.clone());
            if self.is_new(&place, &format!("`{choice}`"), other.as_ref()) {
                self.decisions.ports.push((choice, place));
            }
        }
        for (index, text) in ranges.iter().enumerate() {
            self.range(text, &place(file, format!("ranges[{index}]")));
        }
        let grants = grants.iter().enumerate();
        for (index, text) in grants.filter(|(_, text)| !broken.contains(&text.set)) {
            let way = format!("exceptions[{index}]");
            let read = exceptions::read(&self.catalogue, text, place(file, way.as_str()));
            let exception = match read {
                Ok(exception) => exception,
                Err(whys) => {
                    for (field, why) in whys {
                        self.refuse(&place(file, format!("{way}.{field}")), why);
                    }
                    continue;
                }
            };
            let mut others = self.decisions.exceptions.iter();
            let other = others.find(|other| {
                (&other.set, &other.flow) == (&exception.set, &exception.flow)
                    && std::mem::discriminant(&other.grant)
                        == std::mem::discriminant(&exception.grant)
            });
            let other = other.map(|other| other.place.clone());
            let what = format!("such an exception for `{}`", exception.subject());
            if self.is_new(&exception.place, &what, other.as_ref()) {
                self.decisions.exceptions.push(exception);
            }
        }
    }

    fn ports(&mut self, text: &PortsText, place: &Place) -> Option<PortChoice> {
        let names = names::set(&self.catalogue, &text.set).and_then(|set| {
            let flow = names::flow(set, text.flow.as_deref())?;
            Ok((set.key.clone(), flow))
        });
        let names = self.accept(place, names);
        let protocol = text.protocol.as_ref().map(|word| {
            let known = Protocol::parse(word)
                .ok_or_else(|| format!("`{}` is neither `tcp` nor `udp`", word.escape_debug()));
            self.accept(place, known)
        });
        let mut ports: Vec<PortRange> = Vec::with_capacity(text.ports.len());
        for port in &text.ports {
            ports.extend(self.accept(place, PortRange::parse(port)));
        }
        ports.sort_unstable();
        if text.ports.is_empty() {
            self.refuse(place, "an empty list says nothing; name a port");
        }
        for pair in ports.windows(2) {
            if pair[0].overlaps(pair[1]) {
                self.refuse(place, format!("`{}` and `{}` overlap", pair[0], pair[1]));
            }
        }
        let (set, flow) = names?;
        Some(PortChoice {
            set,
            flow,
            protocol: protocol.map_or(Some(None), |protocol| protocol.map(Some))?,
            ports,
        })
    }

    fn range(&mut self, text: &RangeText, place: &Place) {
        let name = self.range_name(&text.name, place);
        let clouds = match &text.clouds {
            None => Cloud::ALL.to_vec(),
            Some(words) => {
                let known: Vec<String> = Cloud::ALL.iter().map(ToString::to_string).collect();
                let clouds = words.iter().filter_map(|word| {
                    let cloud = Cloud::parse(word);
                    let cloud =
                        cloud.ok_or_else(|| names::unknown("there is no cloud", word, &known));
                    self.accept(place, cloud)
                });
                clouds.collect()
            }
        };
        let mut networks = Vec::with_capacity(text.networks.len());
        for word in &text.networks {
            networks.extend(self.accept(place, network::parse(word)));
        }
        if text.networks.is_empty() || text.clouds.as_ref().is_some_and(Vec::is_empty) {
            self.refuse(place, "an empty list says nothing; leave it out");
        }
        let Some(name) = name else { return };
        for cloud in clouds {
            let mut others = self.decisions.ranges.iter();
            let other = others.find(|(range, _)| range.name == name && range.cloud == cloud);
            let other = other.map(|(_, place)| place.clone());
            if self.is_new(place, &format!("`{name}` of {cloud}"), other.as_ref()) {
                let range = NamedRange {
                    name: name.clone(),
                    cloud,
                    networks: networks.clone(),
                    source: source(place),
                };
                self.decisions.ranges.push((range, place.clone()));
            }
        }
    }

    /// A range that a set names, and that nobody publishes.
    fn range_name(&mut self, text: &str, place: &Place) -> Option<RangeName> {
        let is_published = |range: &NamedRange| range.name.as_str() == text;
        if text == EXCHANGE_ONLINE || self.catalogue.ranges.iter().any(is_published) {
            self.refuse(
                place,
                format!("`{text}` is published; a catalogue or `--web-service` gives it"),
            );
            return None;
        }
        let flows = self.catalogue.sets.iter().flat_map(|set| &set.flows);
        let remotes = flows.flat_map(|flow| &flow.remotes);
        let mut known: Vec<RangeName> = remotes
            .filter_map(|remote| match &remote.endpoints.value {
                Endpoints::Range(name) if name.as_str() != EXCHANGE_ONLINE => Some(name.clone()),
                _ => None,
            })
            .collect();
        known.sort_unstable();
        known.dedup();
        let found = known.iter().find(|name| name.as_str() == text).cloned();
        if found.is_none() && !self.broken.is_empty() {
            return None;
        }
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        self.accept(
            place,
            found.ok_or_else(|| names::unknown("no set names a range", text, &known)),
        )
    }

    /// Nothing is decided of a set that is left out.
    pub(super) fn contradictions(&mut self) {
        let Decisions {
            sets,
            exclusions,
            ports,
            exceptions,
            ..
        } = &self.decisions;
        let out = |set: &SetKey| exclusions.iter().find(|exclusion| exclusion.set == *set);
        let ports = ports.iter().map(|(choice, place)| (&choice.set, place));
        let exceptions = exceptions
            .iter()
            .map(|exception| (&exception.set, &exception.place));
        let own = sets.iter().filter(|(set, place)| {
            // Another overlay may leave it out.
            out(set).is_some_and(|exclusion| exclusion.place.document == place.document)
        });
        let own = own.map(|(set, place)| (set, place));
        let errors: Vec<Error> = ports
            .chain(exceptions)
            .chain(own)
            .filter_map(|(set, place)| {
                let other = &out(set)?.place;
                Some(place.refuse(format!(
                    "`{}` (`{}`) leaves `{set}` out; drop one of the two",
                    other.document, other.way
                )))
            })
            .collect();
        self.errors.extend(errors);
    }
}
