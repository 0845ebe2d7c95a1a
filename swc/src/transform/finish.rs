//! Puts in what belongs above the functions.

use super::build::{self, assign, call, member, or, read, statement, string};
use super::host::Host;
use super::statements::{declare, directives_end, is_strict_by_directive};
use super::swc_core::common::{SyntaxContext, DUMMY_SP};
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::{Visit, VisitMutWith, VisitWith};
use super::Compiler;

impl Compiler<'_> {
    pub fn compile_items(&mut self, items: &mut Vec<ModuleItem>) {
        let directives =
            items.iter().map_while(|item| item.as_stmt().cloned()).take_while(|stmt| stmt.is_expr());
        self.is_strict |= is_strict_by_directive(&directives.collect::<Vec<_>>());
        self.frames.push(Vec::new());
        items.visit_mut_children_with(self);
        self.make_pairs(items);
        let keys = self.frames.pop().unwrap_or_default();
        if !self.ctx.imports.is_empty() {
            self.place_top(items, keys);
        }
    }

    /// ```js
    /// import { apply, define, wrap } from 'asyncgen-hooks/shim';
    /// var _record;
    /// _record || _definitions();
    /// function _definitions() { _record = define(gen, _gen, 'file:1:0'); }
    /// ```
    ///
    /// The import stands at the very top: in a circle of modules the shim has to be there before any member of the circle
    /// runs.
    fn place_top(&mut self, items: &mut Vec<ModuleItem>, keys: Vec<Ident>) {
        let mut top = vec![self.import_shim(items)];
        // At the top level a circular importer may be here before the module's body.
        let records = std::mem::take(&mut self.ctx.records);
        let variables: Vec<Ident> =
            keys.into_iter().chain(records.iter().map(|pair| pair.id.clone())).collect();
        if !variables.is_empty() {
            top.push(ModuleItem::Stmt(declare(VarDeclKind::Var, variables)));
        }
        if let Some(first) = records.first() {
            let definitions = self.ctx.definitions();
            // A circular importer may have run them.
            top.push(ModuleItem::Stmt(statement(or(read(&first.id), call(read(&definitions), vec![])))));
            let stmts = records.into_iter().map(|pair| statement(assign(&pair.id, pair.define))).collect();
            let function = build::declaration(definitions, build::function(vec![], stmts));
            top.push(ModuleItem::Stmt(Stmt::Decl(Decl::Fn(function))));
        }
        let at = items.iter().take_while(|item| item.as_stmt().is_some_and(is_directive)).count();
        items.splice(at..at, top);
    }

    fn import_shim(&mut self, items: &[ModuleItem]) -> ModuleItem {
        let source = self.ctx.options.import_source.as_str();
        let imports = std::mem::take(&mut self.ctx.imports);
        // Whether the file was changed is asked for later.
        self.ctx.imports.clone_from(&imports);
        let name = |name: &str| IdentName::new(name.into(), DUMMY_SP);
        if !self.ctx.is_script {
            let specifiers = imports
                .into_iter()
                .map(|(imported, local)| {
                    ImportSpecifier::Named(ImportNamedSpecifier {
                        span: DUMMY_SP,
                        local,
                        imported: Some(ModuleExportName::Ident(build::ident(
                            imported,
                            SyntaxContext::empty(),
                        ))),
                        is_type_only: false,
                    })
                })
                .collect();
            return ModuleItem::ModuleDecl(ModuleDecl::Import(ImportDecl {
                span: DUMMY_SP,
                specifiers,
                src: Box::new(source.into()),
                type_only: false,
                with: None,
                phase: ImportPhase::default(),
            }));
        }
        let props = imports
            .into_iter()
            .map(|(imported, local)| {
                ObjectPatProp::KeyValue(KeyValuePatProp {
                    key: PropName::Ident(name(imported)),
                    value: Box::new(Pat::Ident(local.into())),
                })
            })
            .collect();
        let pattern = Pat::Object(ObjectPat { span: DUMMY_SP, props, optional: false, type_ann: None });
        let required = call(self.require_function(items), vec![string(source)]);
        let declarator = build::declarator(pattern, Some(required));
        ModuleItem::Stmt(build::variables(VarDeclKind::Const, vec![declarator]))
    }

    /// `module.require` where a function of the program took the place of Node's `require`.
    fn require_function(&self, items: &[ModuleItem]) -> Box<Expr> {
        let global = |name: &str| read(&build::ident(name, self.ctx.host.unresolved()));
        let is_replaced = items.iter().any(
            |item| matches!(item, ModuleItem::Stmt(Stmt::Decl(Decl::Fn(node))) if node.ident.sym == *"require"),
        );
        if is_replaced {
            member(global("module"), "require")
        } else {
            global("require")
        }
    }
}

fn is_directive(stmt: &Stmt) -> bool {
    directives_end(std::slice::from_ref(stmt)) == 1
}

/// A script, or a file that SWC takes for a module, as it does by default, and that uses what only CommonJS modules have.
/// An `import` would make a module of it to whatever comes next.
pub fn is_script(program: &Program, host: &Host) -> bool {
    let Program::Module(module) = program else { return true };
    let is_module = module.body.iter().any(|item| item.is_module_decl());
    if is_module || [".mjs", ".mts"].iter().any(|end| host.file.ends_with(end)) {
        return false;
    }
    if [".cjs", ".cts"].iter().any(|end| host.file.ends_with(end)) {
        return true;
    }
    let mut search = CommonJs { unresolved: host.unresolved(), found: false };
    module.visit_with(&mut search);
    search.found
}

struct CommonJs {
    unresolved: SyntaxContext,
    found: bool,
}

impl Visit for CommonJs {
    fn visit_ident(&mut self, id: &Ident) {
        let is_global = id.ctxt == self.unresolved;
        self.found |= is_global && (id.sym == *"require" || id.sym == *"module" || id.sym == *"exports");
    }
}
