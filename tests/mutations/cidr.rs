//! Networks to calculate with.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

#[derive(Clone, Copy)]
pub struct Cidr {
    pub bits: u128,
    pub length: u32,
    pub longest: u32,
}

impl Cidr {
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (longest, bits) = match address.parse::<Ipv4Addr>() {
            Ok(address) => (32, u128::from(address.to_bits())),
            Err(_) => (128, address.parse::<Ipv6Addr>().ok()?.to_bits()),
        };
        let length = length.parse().ok()?;
        Some(Self {
            bits,
            length,
            longest,
        })
    }

    /// How many addresses it has; of all of IPv6, one fewer.
    pub fn size(self) -> u128 {
        1_u128
            .checked_shl(self.longest - self.length)
            .unwrap_or(u128::MAX)
    }

    /// The network of `length` that begins `offset` addresses further; `None`: that is none.
    pub fn at(self, offset: u128, length: u32) -> Option<Self> {
        let bits = self.bits.checked_add(offset)?;
        let past = self.longest == 32 && bits > u128::from(u32::MAX);
        let moved = Self {
            bits,
            length,
            ..self
        };
        (length <= self.longest && !past).then_some(moved)
    }

    /// The network of one bit fewer that it is half of.
    pub fn wider(self) -> Option<Self> {
        let length = self.length.checked_sub(1)?;
        let bits = self.bits & !self.size();
        Some(Self {
            bits,
            length,
            ..self
        })
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.length;
        match u32::try_from(self.bits) {
            Ok(bits) if self.longest == 32 => write!(f, "{}/{length}", Ipv4Addr::from_bits(bits)),
            _ => write!(f, "{}/{length}", Ipv6Addr::from_bits(self.bits)),
        }
    }
}
