//! What of a set is lost, and how much of that is too much.

use std::collections::BTreeMap;
use std::fmt;

use super::opened::Service;
use crate::catalogue::{FlowId, Kind, network};
use crate::diff::{Element, Held};

/// The share of what a set has in one cloud and of one kind (a family, or host names) that new facts may take away, of
/// its entries and of their addresses. Unit: percent.
const TOLERATED_LOSS: usize = 20;

/// What goes: of a flow all of it, or of a kind too much.
pub fn losses(was: &[&Service], is: &[Service]) -> Vec<String> {
    let mut flows: BTreeMap<&Option<FlowId>, Loss> = BTreeMap::new();
    let mut kinds: BTreeMap<Kind, Loss> = BTreeMap::new();
    for service in was {
        let loss = lost(service, is);
        flows.entry(&service.flow).or_default().add(&loss);
        kinds.entry(service.line.3).or_default().add(&loss);
    }
    let mut whys: Vec<String> = Vec::new();
    let lost_all = flows.values().filter(|loss| loss.is_all()).count();
    if lost_all == flows.len() && lost_all > 0 {
        return vec!["loses all that it opens".to_owned()];
    }
    for (flow, loss) in &flows {
        if let (Some(flow), true) = (flow, loss.is_all()) {
            whys.push(format!("loses all of its flow `{flow}`"));
        }
    }
    let too_much = kinds.iter().filter(|(_, loss)| loss.is_too_much());
    whys.extend(too_much.map(|(kind, loss)| {
        format!(
            "loses {loss} of what it opens over {}, and over {TOLERATED_LOSS} % is refused",
            kind.title()
        )
    }));
    whys
}

/// What is lost, by entries and by addresses: a /18 that becomes a /32 is one entry less, and much more.
#[derive(Default)]
struct Loss {
    lost: usize,
    of: usize,
    size_lost: u128,
    size_of: u128,
}

impl Loss {
    fn add(&mut self, other: &Self) {
        self.lost += other.lost;
        self.of += other.of;
        self.size_lost = self.size_lost.saturating_add(other.size_lost);
        self.size_of = self.size_of.saturating_add(other.size_of);
    }

    fn is_all(&self) -> bool {
        self.lost == self.of && self.size_lost == self.size_of
    }

    fn is_too_much(&self) -> bool {
        self.lost * 100 > self.of * TOLERATED_LOSS || self.is_too_much_by_size()
    }

    fn is_too_much_by_size(&self) -> bool {
        let tolerated = TOLERATED_LOSS as u128;
        match self.size_lost.checked_mul(100) {
            Some(lost) => lost > self.size_of.saturating_mul(tolerated),
            // A hundred times the addresses of wide IPv6 networks is too great a number.
            None => self.size_lost / tolerated > self.size_of / 100,
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lost, of, .. } = self;
        write!(f, "{lost} of {of} ({} %)", lost * 100 / of.max(&1))?;
        if self.is_too_much_by_size() && lost * 100 <= of * TOLERATED_LOSS {
            let percent = self.size_lost / (self.size_of / 100).max(1);
            write!(f, ", with {percent} % of the addresses,")?;
        }
        Ok(())
    }
}

/// What of `service` `others` don't open: an element on a port counts once, and so does an address.
fn lost(service: &Service, others: &[Service]) -> Loss {
    let alike = || others.iter().filter(|other| other.line == service.line);
    let mut loss = Loss::default();
    for port in &service.ports {
        let on_port = alike().filter(|other| other.ports.iter().any(|own| own.holds(*port)));
        let held = Held::of(on_port.flat_map(|other| &other.elements));
        for element in &service.elements {
            let size = size(element);
            loss.of += 1;
            loss.size_of = loss.size_of.saturating_add(size);
            if !held.holds(element) {
                loss.lost += 1;
                let kept = held.addresses_within(element);
                loss.size_lost = loss.size_lost.saturating_add(size.saturating_sub(kept));
            }
        }
    }
    loss
}

/// The addresses of an element; what is no network is one.
fn size(element: &Element) -> u128 {
    match element {
        Element::Network(network) => network::size(network),
        _ => 1,
    }
}
