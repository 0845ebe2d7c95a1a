//! The compiler: every async generator function of a file gets a visible function that wraps what it returns, and its body
//! tells what it does. Written from docs/emitted-code.md; each module has the name of its sister in src/transform.
//!
//! These modules stand in the plugin once for each generation of SWC's tree, which `super::swc_core` is.

mod body;
mod body_functions;
mod build;
mod context;
mod declarations;
mod expressions;
mod find;
mod finish;
mod host;
mod lowered;
mod methods;
mod names;
mod own_name;
mod pairs;
mod plugin;
mod signals;
mod statements;
mod switches;

use super::swc_core;
use crate::lowered::TRACES;
use crate::options::Options;
use context::FileContext;
use expressions::Hint;
use host::Ignored;
pub use host::{Host, Source};
#[cfg(target_arch = "wasm32")]
pub use plugin::run;
pub use plugin::{decode, encode};
use signals::Signals;
use statements::List;
use swc_core::ecma::ast::*;
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

/// What became of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Unchanged,
    Compiled,
    /// Some async generators were lowered before, and no hook will see them; whether those were all.
    Lowered {
        is_whole: bool,
    },
}

pub fn compile(program: &mut Program, host: &Host, options: &Options) -> Outcome {
    if find::is_compiled(program, &options.import_source) {
        return Outcome::Unchanged;
    }
    let mut ctx = FileContext::new(host, options);
    match host.ignored() {
        Ignored::File => return Outcome::Unchanged,
        Ignored::Nodes(nodes) => ctx.ignored = nodes,
    }
    if host.may_have(Signals::NAME) {
        ctx.signals = Signals::find(program);
    }
    if host.may_have("#") {
        ctx.private_names = methods::private_names(program);
    }
    ctx.is_script = finish::is_script(program, host);
    let is_lowered =
        TRACES.iter().any(|trace| host.may_have(trace)) && lowered::has_lowered_generators(program);
    let mut compiler =
        Compiler { is_strict: !ctx.is_script, ctx, list: List::Block, frames: Vec::new(), hint: None };
    compiler.compile_program(program);
    match (is_lowered, compiler.ctx.imports.is_empty()) {
        (true, is_whole) => Outcome::Lowered { is_whole },
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Compiled,
    }
}

/// Goes through a file from the inside to the outside: what stands in a function is compiled before the function is.
struct Compiler<'a> {
    ctx: FileContext<'a>,
    is_strict: bool,
    /// What the next list of statements is.
    list: List,
    /// For each list of statements around, and for each arrow function without one: the variables that it has to declare.
    frames: Vec<Vec<Ident>>,
    /// What the next expression is named by.
    hint: Option<Hint>,
}

impl Compiler<'_> {
    fn compile_program(&mut self, program: &mut Program) {
        match program {
            Program::Module(module) => self.compile_items(&mut module.body),
            Program::Script(script) => {
                let mut items = std::mem::take(&mut script.body).into_iter().map(ModuleItem::Stmt).collect();
                self.compile_items(&mut items);
                script.body = items.into_iter().filter_map(ModuleItem::stmt).collect();
            }
            #[allow(unreachable_patterns)] // A newer SWC may have more.
            _ => {}
        }
    }

    fn visit_function_body<N: VisitMutWith<Self>>(&mut self, node: &mut N) {
        let outer = std::mem::replace(&mut self.list, List::Function);
        node.visit_mut_children_with(self);
        self.list = outer;
    }
}

impl VisitMut for Compiler<'_> {
    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        self.compile_namespace(items);
    }

    fn visit_mut_module_item(&mut self, item: &mut ModuleItem) {
        if !self.is_ignored(item) {
            item.visit_mut_children_with(self);
        }
    }

    fn visit_mut_stmts(&mut self, stmts: &mut Vec<Stmt>) {
        self.compile_statements(stmts);
    }

    fn visit_mut_stmt(&mut self, stmt: &mut Stmt) {
        if self.is_ignored(stmt) {
            return;
        }
        if stmt.is_switch() {
            self.compile_switch(stmt);
        } else {
            stmt.visit_mut_children_with(self);
        }
    }

    fn visit_mut_switch_case(&mut self, node: &mut SwitchCase) {
        if self.is_ignored(node) {
            return;
        }
        node.test.visit_mut_with(self);
        self.list = List::Case;
        node.cons.visit_mut_with(self);
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        self.compile_function(node);
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        self.compile_arrow(node);
    }

    fn visit_mut_constructor(&mut self, node: &mut Constructor) {
        self.visit_function_body(node);
    }

    fn visit_mut_getter_prop(&mut self, node: &mut GetterProp) {
        self.visit_function_body(node);
    }

    fn visit_mut_setter_prop(&mut self, node: &mut SetterProp) {
        self.visit_function_body(node);
    }

    fn visit_mut_static_block(&mut self, node: &mut StaticBlock) {
        self.visit_function_body(node);
    }

    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        let hint = self.hint.take();
        if !self.is_ignored(expr) {
            self.compile_expression(expr, hint);
        }
    }

    fn visit_mut_class(&mut self, node: &mut Class) {
        let outer = std::mem::replace(&mut self.is_strict, true);
        node.visit_mut_children_with(self);
        self.compile_class(node);
        self.is_strict = outer;
    }

    fn visit_mut_class_member(&mut self, node: &mut ClassMember) {
        if !self.is_ignored(node) {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_prop(&mut self, node: &mut Prop) {
        if !self.is_ignored(node) {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_pat(&mut self, node: &mut Pat) {
        if !self.is_ignored(node) {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_var_declarator(&mut self, node: &mut VarDeclarator) {
        self.name_declarator(node);
    }

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        self.name_assignment(node);
    }

    fn visit_mut_assign_pat(&mut self, node: &mut AssignPat) {
        self.name_default(node);
    }

    fn visit_mut_assign_pat_prop(&mut self, node: &mut AssignPatProp) {
        self.name_property_default(node);
    }

    fn visit_mut_key_value_prop(&mut self, node: &mut KeyValueProp) {
        self.name_property(node);
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        self.name_field(node);
    }

    fn visit_mut_private_prop(&mut self, node: &mut PrivateProp) {
        self.name_private_field(node);
    }

    fn visit_mut_auto_accessor(&mut self, node: &mut AutoAccessor) {
        self.name_accessor(node);
    }

    fn visit_mut_export_default_expr(&mut self, node: &mut ExportDefaultExpr) {
        self.hint = Some(Hint::Name("default".to_owned()));
        node.expr.visit_mut_with(self);
    }
}
