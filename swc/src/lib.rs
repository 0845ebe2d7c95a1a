//! The SWC plugin of asyncgen-hooks: one file for every SWC since 1.15.
//!
//! SWC hands a plugin the syntax tree as bytes, whose format changes from one generation of `swc_core` to the next. So the
//! compiler is in here once for each, and an entry of our own tries them, the newest first.

// What only the entry calls.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod cbor;
#[cfg(target_arch = "wasm32")]
mod entry;
mod format;
#[cfg(test)]
mod fuzz;
mod ignore;
mod lowered;
mod messages;
mod older;
mod options;
mod places;

/// What one generation makes of a program.
pub struct Reply {
    /// The compiled program; none if it stays as it is.
    pub program: Option<Vec<u8>>,
    /// The error that SWC shall fail with, as it reads it.
    pub diagnostic: Option<Vec<u8>>,
    /// What its user shall see.
    pub warning: Option<String>,
}

macro_rules! generations {
    ($($name:ident = $core:ident),+) => {
        $(
            #[path = "."]
            #[allow(clippy::duplicate_mod)] // Once for each generation, with another `swc_core`.
            pub mod $name {
                pub(crate) use $core as swc_core;
                #[path = "transform/mod.rs"]
                pub mod transform;
            }
        )+

        /// The reply of the generation that these bytes are a tree of.
        #[cfg(target_arch = "wasm32")]
        fn run(call: &format::Call) -> Result<Reply, format::Unread> {
            let mut unread = format::Unread::Format;
            $(
                match $name::transform::run(call) {
                    Err(format::Unread::Format) => {}
                    Err(format::Unread::TooDeep) => unread = format::Unread::TooDeep,
                    reply => return reply,
                }
            )+
            Err(unread)
        }
    };
}

// The newest first.
generations!(swc_1_16 = swc_core_83, swc_1_15 = swc_core_50);

#[cfg(test)]
mod tests {
    use crate::cbor::check;
    use crate::format::{is_program, may_have_generators, Unread};

    /// `async function* gen() { yield; }`, as each generation writes it.
    macro_rules! tree {
        ($generation:ident) => {{
            use crate::$generation::swc_core::ecma::ast::*;
            let mut function = Function {
                is_async: true,
                is_generator: true,
                body: Some(Default::default()),
                ..Default::default()
            };
            let stmt = Stmt::Expr(ExprStmt {
                span: Default::default(),
                expr: Box::new(Expr::Yield(YieldExpr {
                    span: Default::default(),
                    arg: None,
                    delegate: false,
                })),
            });
            function.body.as_mut().unwrap().stmts.push(stmt);
            let ident = Ident::from("gen");
            let decl = Decl::Fn(FnDecl { ident, declare: false, function: Box::new(function) });
            Program::Script(Script { body: vec![Stmt::Decl(decl)], ..Default::default() })
        }};
    }

    #[test]
    fn a_tree_of_one_generation_is_never_taken_for_the_others() {
        let new = crate::swc_1_16::transform::encode(tree!(swc_1_16)).unwrap();
        let old = crate::swc_1_15::transform::encode(tree!(swc_1_15)).unwrap();
        for bytes in [&new, &old] {
            assert!(is_program(bytes));
            assert!(may_have_generators(bytes));
        }
        assert!(crate::swc_1_16::transform::decode(&new).is_ok());
        assert!(crate::swc_1_15::transform::decode(&old).is_ok());
        assert_eq!(crate::swc_1_16::transform::decode(&old).err(), Some(Unread::Format));
        assert_eq!(crate::swc_1_15::transform::decode(&new).err(), Some(Unread::Format));
    }

    /// Each byte set to others, and the end cut off: what still is a tree is compiled, and nothing panics.
    macro_rules! mutate {
        ($generation:ident) => {{
            use crate::$generation::swc_core::common::{Globals, Mark, GLOBALS};
            use crate::$generation::transform::{compile, decode, encode, Host};
            let bytes = encode(tree!($generation)).unwrap();
            let mut compiled = 0;
            for at in 0..bytes.len() {
                for value in (0..=255).step_by(3) {
                    let mut mutated = bytes.clone();
                    mutated[at] = value;
                    if check(&mutated).is_err() {
                        continue;
                    }
                    GLOBALS.set(&Globals::new(), || {
                        let Ok(mut program) = decode(&mutated) else { return };
                        let host = Host::new("a.js".to_owned(), None, None, Mark::new());
                        compile(&mut program, &host, &Default::default());
                        encode(program).unwrap();
                        compiled += 1;
                    });
                }
                assert!(check(&bytes[..at]).is_err());
            }
            assert!(compiled > 100);
        }};
    }

    #[test]
    fn mutated_trees_never_panic() {
        mutate!(swc_1_16);
        mutate!(swc_1_15);
    }

    /// The tag of a statement that no generation knows.
    const NEWER: u8 = 0xd7;

    /// A node of a newer SWC, at the top level and in the body of a generator.
    macro_rules! keep_newer {
        ($generation:ident) => {{
            use crate::$generation::swc_core::common::{Globals, Mark, GLOBALS};
            use crate::$generation::swc_core::ecma::ast::*;
            use crate::$generation::transform::{compile, decode, encode, Host, Outcome};
            let with = |stmt: Stmt| {
                let mut program = tree!($generation);
                let Program::Script(script) = &mut program else { unreachable!() };
                let Stmt::Decl(Decl::Fn(node)) = &mut script.body[0] else { unreachable!() };
                node.function.body.as_mut().unwrap().stmts.push(stmt.clone());
                script.body.push(stmt);
                encode(program).unwrap()
            };
            let mut bytes = with(Stmt::Empty(EmptyStmt { span: Default::default() }));
            let same = with(Stmt::Debugger(DebuggerStmt { span: Default::default() }));
            // They differ by their tags.
            for (byte, other) in bytes.iter_mut().zip(same) {
                if *byte != other {
                    *byte = NEWER;
                }
            }
            let newer = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == NEWER).count();
            assert_eq!(newer(&bytes), 2);
            assert!(check(&bytes).is_ok());
            GLOBALS.set(&Globals::new(), || {
                let mut program = decode(&bytes).unwrap();
                assert_eq!(encode(program.clone()), Some(bytes));
                let host = Host::new("a.js".to_owned(), None, None, Mark::new());
                assert_eq!(compile(&mut program, &host, &Default::default()), Outcome::Compiled);
                assert_eq!(newer(&encode(program).unwrap()), 2);
            });
        }};
    }

    #[test]
    fn a_node_of_a_newer_swc_is_kept_as_it_is() {
        keep_newer!(swc_1_16);
        keep_newer!(swc_1_15);
    }
}
