//! Trees that no SWC has made. `npm run fuzz:swc` hands over trees of programs.

use crate::cbor::{check, read_head};
use crate::format::{is_program, Unread};
use std::fs;

/// https://en.wikipedia.org/wiki/Xorshift
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Where each item of a tree stands.
fn items(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // For each item around: its place in `found`, and how many of its items are still to come.
    let mut around: Vec<(usize, u64)> = Vec::new();
    let mut at = 0;
    while let Some(head) = read_head(bytes, at) {
        around.push((found.len(), head.items));
        found.push((at, head.end));
        at = head.end;
        while let Some((index, 0)) = around.last().copied() {
            found[index].1 = at;
            around.pop();
            if let Some((_, left)) = around.last_mut() {
                *left -= 1;
            }
        }
    }
    found
}

/// One item in the place of another one, a byte in that of another byte, something taken out or put in twice.
fn mutate(bytes: &[u8], items: &[(usize, usize)], random: &mut Random) -> Vec<u8> {
    let mut mutated = bytes.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(mutated.len());
        match random.below(4) {
            0 => mutated[at] = random.below(256) as u8,
            1 => mutated[at] ^= 1 << random.below(8),
            _ if mutated.len() != bytes.len() => {}
            2 => {
                let ((start, end), (from, to)) = (*random.of(items), *random.of(items));
                mutated.splice(start..end, bytes[from..to].iter().copied());
            }
            _ => {
                let (start, end) = *random.of(items);
                let again = bytes[start..end].to_vec();
                mutated.splice(start..start, again);
            }
        }
    }
    mutated
}

macro_rules! fuzz {
    ($generation:ident, $other:ident, $folder:literal) => {{
        use crate::$generation::swc_core::common::{Globals, Mark, GLOBALS};
        use crate::$generation::transform::{compile, decode, encode, Host, Outcome};

        let setting = |name| std::env::var(name).unwrap_or_default();
        let folder = std::path::Path::new(&setting("ASYNCGEN_TREES")).join($folder);
        let rounds: usize = setting("ASYNCGEN_MUTATIONS").parse().unwrap_or(10);
        let seed: u64 = setting("ASYNCGEN_SEED").parse().unwrap_or(1);
        let mut random = Random(seed << 1 | 1);
        let (mut trees, mut changed, mut readable, mut compiled) = (0, 0, 0, 0);
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let tree = fs::read(&path).unwrap();
            assert!(is_program(&tree) && check(&tree).is_ok());
            assert!(decode(&tree).is_ok(), "{path:?}");
            let items = items(&tree);
            trees += 1;
            for round in 0..=rounds {
                let bytes = if round == 0 { tree.clone() } else { mutate(&tree, &items, &mut random) };
                if check(&bytes).is_err() {
                    continue;
                }
                changed += 1;
                let other = crate::$other::swc_core::common::Globals::new();
                crate::$other::swc_core::common::GLOBALS.set(&other, || {
                    let foreign = crate::$other::transform::decode(&bytes);
                    // A small one may be a tree of both.
                    assert!(round > 0 || foreign.err() == Some(Unread::Format), "{path:?}");
                });
                GLOBALS.set(&Globals::new(), || {
                    let Ok(mut program) = decode(&bytes) else { return };
                    readable += 1;
                    let host = Host::new("a.js".to_owned(), None, None, Mark::new());
                    let outcome = compile(&mut program, &host, &Default::default());
                    compiled += usize::from(outcome == Outcome::Compiled);
                    encode(program).unwrap();
                });
            }
        }
        println!(
            "{}: {trees} trees, changed {changed} times, {readable} still trees, {compiled} of them compiled",
            $folder
        );
        assert!(compiled > trees);
    }};
}

#[test]
#[ignore = "npm run fuzz:swc hands over the trees"]
fn trees_of_programs() {
    fuzz!(swc_1_16, swc_1_15, "swc");
    fuzz!(swc_1_15, swc_1_16, "swc-1.15");
}
