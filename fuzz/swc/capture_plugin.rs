//! A plugin that prints the bytes of the tree that it gets, and gives them back: where `npm run fuzz:swc` has its trees from.
#![allow(unsafe_code)] // SWC and a plugin speak by pointers.
#![cfg(target_arch = "wasm32")]

use std::fmt::Write;
use swc_core_83::common::plugin::diagnostics::PluginCorePkgDiagnostics;
use swc_core_83::common::plugin::serialized::{PluginSerializedBytes, VersionedSerializable};
use swc_core_83::common::plugin::PLUGIN_TRANSFORM_AST_SCHEMA_VERSION;

#[link(wasm_import_module = "env")]
extern "C" {
    fn __set_transform_result(bytes: u32, length: u32);
    fn __set_transform_plugin_core_pkg_diagnostics(bytes: u32, length: u32);
}

#[no_mangle]
pub extern "C" fn __get_transform_plugin_core_pkg_diag() -> u32 {
    let about = VersionedSerializable::new(PluginCorePkgDiagnostics {
        pkg_version: String::new(),
        git_sha: String::new(),
        cargo_features: String::new(),
        ast_schema_version: PLUGIN_TRANSFORM_AST_SCHEMA_VERSION,
    });
    let bytes = PluginSerializedBytes::try_serialize(&about).expect("it is a list of texts");
    let bytes = bytes.as_slice();
    // SAFETY: the host copies the bytes before it returns.
    unsafe { __set_transform_plugin_core_pkg_diagnostics(bytes.as_ptr() as u32, bytes.len() as u32) }
    0
}

/// # Safety
///
/// `program` points to `length` bytes that stay as they are for the duration of the call.
#[no_mangle]
pub unsafe extern "C" fn __transform_plugin_process_impl(
    program: *const u8,
    length: u32,
    _: u32,
    _: i32,
) -> u32 {
    // SAFETY: see above.
    let bytes = unsafe { std::slice::from_raw_parts(program, length as usize) };
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    eprintln!("tree {hex}");
    // SAFETY: the host copies the bytes before it returns.
    unsafe { __set_transform_result(program as u32, length) }
    0
}
