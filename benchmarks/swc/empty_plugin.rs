//! A plugin that gives back the tree that it gets: what a plugin of SWC costs at least, if it is built as SWC's manual has it.
#![allow(unsafe_code)] // The macro's.

use swc_core::ecma::ast::Program;
use swc_core::plugin::metadata::TransformPluginProgramMetadata;
use swc_core::plugin::plugin_transform;
use swc_core_83 as swc_core;

#[plugin_transform]
fn empty(program: Program, _: TransformPluginProgramMetadata) -> Program {
    program
}
