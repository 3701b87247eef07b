//! Sets that an overlay adds.

use super::apply::{Applier, place, source};
use super::document::OverlayFile;
use crate::catalogue::check::{self, Defect};
use crate::catalogue::{Basis, EndpointSet};

impl Applier {
    pub(super) fn add_sets(&mut self, file: &OverlayFile) {
        let source = source(&place(file, "sets"));
        let sets = match check::sets(&file.document.sets, &self.catalogue.roles, &source) {
            Ok(sets) => sets,
            Err(defects) => {
                let told = |Defect { place: way, why }| place(file, way).refuse(why);
                self.errors.extend(defects.into_iter().map(told));
                let keys = file.document.sets.iter().map(|set| set.key.clone());
                self.broken.extend(keys);
                return;
            }
        };
        for mut set in sets {
            for basis in bases(&mut set) {
                if *basis == Basis::Stated {
                    *basis = Basis::Given;
                }
            }
            let place = place(file, set.key.to_string());
            let own = self.decisions.sets.iter().find(|(key, _)| *key == set.key);
            let other = own.map(|(_, other)| other.clone());
            let is_known = self.catalogue.sets.iter().any(|known| known.key == set.key);
            if other.is_none() && is_known {
                self.refuse(
                    &place,
                    "there is such a set already; to have your own in its place, `exclude` it and give yours another key",
                );
            } else if self.is_new(&place, "this key", other.as_ref()) {
                self.decisions.sets.push((set.key.clone(), place));
                self.catalogue.sets.push(set);
            }
        }
    }
}

/// Who says each fact of a set.
fn bases(set: &mut EndpointSet) -> impl Iterator<Item = &mut Basis> {
    let flows = set.flows.iter_mut().flat_map(|flow| {
        let own = [
            Some(&mut flow.direction.basis),
            flow.protocol.as_mut().map(|fact| &mut fact.basis),
            flow.ports.as_mut().map(|fact| &mut fact.basis),
        ];
        let remotes = flow
            .remotes
            .iter_mut()
            .flat_map(|remote| [&mut remote.clouds.basis, &mut remote.endpoints.basis]);
        own.into_iter().flatten().chain(remotes)
    });
    let sites = set.sites.iter_mut().flat_map(|sites| {
        let hosts = sites.hosts.as_mut().map(|fact| &mut fact.basis);
        [Some(&mut sites.clouds.basis), hosts].into_iter().flatten()
    });
    flows.chain(sites)
}
