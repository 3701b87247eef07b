//! The keys of the rules of security groups.

/// What the key of a rule says: `sts_proxy-1 tcp#2 203.0.113.0/24`.
pub struct Key<'a> {
    pub group: &'a str,
    pub role: &'a str,
    pub number: u16,
    pub protocol: &'a str,
    pub service: Service<'a>,
    pub network: &'a str,
}

pub enum Service<'a> {
    Slot(u16),
    Port(&'a str),
}

/// Reads a key; `None`: it is none.
pub fn key(text: &str) -> Option<Key<'_>> {
    let mut words = text.split(' ');
    let (group, service, network) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let (role, number) = group.rsplit_once('-')?;
    let (protocol, service) = if let Some((protocol, slot)) = service.split_once('#') {
        (protocol, Service::Slot(slot.parse().ok()?))
    } else {
        let (protocol, port) = service.split_once('/')?;
        (protocol, Service::Port(port))
    };
    Some(Key {
        group,
        role,
        number: number.parse().ok()?,
        protocol,
        service,
        network,
    })
}

/// The role that the key of a rule names.
#[must_use]
pub fn role(text: &str) -> Option<&str> {
    key(text).map(|key| key.role)
}
