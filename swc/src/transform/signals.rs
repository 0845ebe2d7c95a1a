//! The calls of `asyncGenSignal()`.

use super::find::is_require_of;
use super::swc_core::ecma::ast::*;

/// The module whose `asyncGenSignal` is meant.
const MODULE: &str = "asyncgen-hooks";
const NAME: &str = "asyncGenSignal";

/// The variables at the top level that hold the function, or the module that has it.
#[derive(Default)]
pub struct Signals {
    functions: Vec<Id>,
    modules: Vec<Id>,
}

impl Signals {
    /// What a body calls in its place.
    pub const METHOD: &'static str = "signal";
    pub const NAME: &'static str = NAME;

    pub fn find(program: &Program) -> Self {
        let mut signals = Signals::default();
        match program {
            Program::Module(module) => {
                for item in &module.body {
                    match item {
                        ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => signals.import(import),
                        ModuleItem::Stmt(stmt) => signals.stmt(stmt),
                        _ => {}
                    }
                }
            }
            Program::Script(script) => script.body.iter().for_each(|stmt| signals.stmt(stmt)),
            #[allow(unreachable_patterns)] // A newer SWC may have more.
            _ => {}
        }
        signals
    }

    pub fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.modules.is_empty()
    }

    pub fn is_call(&self, CallExpr { callee, .. }: &CallExpr) -> bool {
        if self.is_empty() {
            return false;
        }
        let Callee::Expr(callee) = callee else { return false };
        match &**callee {
            Expr::Ident(id) => self.functions.contains(&id.to_id()),
            Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(prop), .. }) if prop.sym == *NAME => {
                matches!(&**obj, Expr::Ident(id) if self.modules.contains(&id.to_id()))
            }
            _ => false,
        }
    }

    /// `import * as hooks`, `import { asyncGenSignal as signal }`
    fn import(&mut self, import: &ImportDecl) {
        if import.src.value != *MODULE {
            return;
        }
        for specifier in &import.specifiers {
            match specifier {
                ImportSpecifier::Namespace(all) => self.modules.push(all.local.to_id()),
                ImportSpecifier::Named(one) => {
                    let is_ours = match &one.imported {
                        None => one.local.sym == *NAME,
                        Some(ModuleExportName::Ident(name)) => name.sym == *NAME,
                        Some(ModuleExportName::Str(name)) => name.value == *NAME,
                        #[allow(unreachable_patterns)] // A newer SWC may have more.
                        _ => false,
                    };
                    if is_ours {
                        self.functions.push(one.local.to_id());
                    }
                }
                _ => {}
            }
        }
    }

    /// `const hooks = require()`, `const { asyncGenSignal: signal } = require()`
    fn stmt(&mut self, stmt: &Stmt) {
        let Stmt::Decl(Decl::Var(var)) = stmt else { return };
        for VarDeclarator { name, init, .. } in &var.decls {
            if !init.as_deref().is_some_and(|init| is_require_of(init, MODULE)) {
                continue;
            }
            match name {
                Pat::Ident(id) => self.modules.push(id.id.to_id()),
                Pat::Object(object) => {
                    for prop in &object.props {
                        match prop {
                            ObjectPatProp::KeyValue(KeyValuePatProp { key: PropName::Ident(key), value }) => {
                                if let (true, Pat::Ident(id)) = (key.sym == *NAME, &**value) {
                                    self.functions.push(id.id.to_id());
                                }
                            }
                            ObjectPatProp::Assign(AssignPatProp { key, value: None, .. })
                                if key.id.sym == *NAME =>
                            {
                                self.functions.push(key.id.to_id());
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
