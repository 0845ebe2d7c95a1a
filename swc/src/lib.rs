//! The SWC plugin of asyncgen-hooks: one file for every SWC since 1.15.
//!
//! SWC hands a plugin the syntax tree as bytes, whose format changes from one generation of `swc_core` to the next. So the
//! compiler is in here once for each, and an entry of our own tries them, the newest first.

#[cfg(target_arch = "wasm32")]
mod entry;
mod format;
mod ignore;
mod lowered;
mod messages;
mod options;
mod places;

/// What one generation makes of a program.
pub struct Reply {
    /// The compiled program; none if it stays as it is.
    pub program: Option<Vec<u8>>,
    /// What SWC shall tell its user, as it reads it.
    pub diagnostic: Option<Vec<u8>>,
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
        fn run(call: &format::Call) -> Option<Reply> {
            $(
                if let Some(reply) = $name::transform::run(call) {
                    return Some(reply);
                }
            )+
            None
        }
    };
}

// The newest first.
generations!(swc_1_16 = swc_core_83, swc_1_15 = swc_core_50);
