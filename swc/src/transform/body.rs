//! Lets the body of a generator function tell what it does (docs/emitted-code.md, "The body").

use super::body_functions::functions_to_variables;
use super::build::{self, block, call, member, read, statement, string, undefined};
use super::context::{fresh_context, FileContext};
use super::signals::Signals;
use super::statements::directives_end;
use super::swc_core::common::{Span, SyntaxContext, DUMMY_SP};
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith};

/// What `toString()` of the visible function finds the call of `enter()` by; minifiers keep it.
const MARKER: &str = "asyncgen-hooks";

/// The block of the source becomes that of the `try`, so that no statement gets another place. `finally` alone would not
/// see the error. A `return` without a value keeps none: with one it takes a microtask more.
pub fn tell_life(ctx: &mut FileContext, function: &mut Function, is_sloppy: bool) {
    let Some(body) = &mut function.body else { return };
    let stmts = std::mem::take(&mut body.stmts);
    let mut directives = stmts;
    let mut stmts = directives.split_off(directives_end(&directives));

    let context = fresh_context();
    let mut teller = Teller { ctx, context, keeps_record: false, only_signals: false };
    teller.visit_mut_stmts(&mut stmts);
    let keeps_record = teller.keeps_record;
    functions_to_variables(&function.params, &mut stmts, is_sloppy);
    if !stmts.last().is_some_and(leaves) {
        stmts.push(tell(context, "result"));
    }

    let marker = Some(string(MARKER));
    let enter = ctx.call("enter", vec![marker, keeps_record.then(|| build::boolean(true))]);
    let error = build::ident("_error", context);
    let throw_again = Stmt::If(IfStmt {
        span: DUMMY_SP,
        test: call(member(gen(context), "failed"), vec![read(&error)]),
        cons: Box::new(Stmt::Throw(ThrowStmt { span: DUMMY_SP, arg: read(&error) })),
        alt: None,
    });
    directives.push(build::variable(VarDeclKind::Const, build::ident("_gen", context), Some(enter)));
    directives.push(Stmt::Try(Box::new(TryStmt {
        span: DUMMY_SP,
        block: block(stmts),
        handler: Some(CatchClause {
            span: DUMMY_SP,
            param: Some(Pat::Ident(error.into())),
            body: block(vec![throw_again]),
        }),
        finalizer: Some(block(vec![tell(context, "ended")])),
    })));
    if let Some(body) = &mut function.body {
        body.stmts = directives;
    }
}

fn gen(context: SyntaxContext) -> Box<Expr> {
    Box::new(Expr::Ident(build::ident("_gen", context)))
}

/// `_gen.name();`
fn tell(context: SyntaxContext, name: &str) -> Stmt {
    statement(call(member(gen(context), name), vec![]))
}

/// Puts the calls in, nested functions left out. Of a member, only what is evaluated where it stands belongs to the
/// function around: a computed key, a decorator.
struct Teller<'a, 'b> {
    ctx: &'a mut FileContext<'b>,
    context: SyntaxContext,
    /// The body needs a record even while nobody watches.
    keeps_record: bool,
    /// In an arrow function of the body, whose `asyncGenSignal()` is the body's, but no `return` and no `for await`.
    only_signals: bool,
}

impl Teller<'_, '_> {
    /// `arg` becomes `_gen.name(arg, line)`.
    fn wrap(&self, arg: Box<Expr>, name: &str, line: Option<Box<Expr>>) -> Box<Expr> {
        call(member(gen(self.context), name), std::iter::once(arg).chain(line).collect())
    }

    fn line(&self, span: Span) -> Option<Box<Expr>> {
        self.ctx.line(span)
    }

    fn visit_for_signals<N: VisitMutWith<Self>>(&mut self, node: &mut N) {
        if self.ctx.signals.is_empty() {
            return;
        }
        let outer = std::mem::replace(&mut self.only_signals, true);
        node.visit_mut_with(self);
        self.only_signals = outer;
    }

    fn is_bare_return(&self, stmt: &Stmt) -> bool {
        !self.only_signals && matches!(stmt, Stmt::Return(ReturnStmt { arg: None, .. }))
    }
}

impl VisitMut for Teller<'_, '_> {
    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        if let Expr::Call(called) = &*expr {
            if self.ctx.signals.is_call(called) {
                self.keeps_record = true;
                *expr = *call(member(gen(self.context), Signals::METHOD), vec![]);
                return;
            }
        }
        expr.visit_mut_children_with(self);
    }

    fn visit_mut_yield_expr(&mut self, node: &mut YieldExpr) {
        node.visit_mut_children_with(self);
        if self.only_signals {
            return;
        }
        let line = self.line(node.span);
        let arg = node.arg.take().unwrap_or_else(undefined);
        self.keeps_record |= node.delegate;
        node.arg = Some(self.wrap(arg, if node.delegate { "from" } else { "item" }, line));
    }

    fn visit_mut_for_of_stmt(&mut self, node: &mut ForOfStmt) {
        node.visit_mut_children_with(self);
        if self.only_signals || !node.is_await {
            return;
        }
        self.keeps_record = true;
        let right = std::mem::replace(&mut node.right, undefined());
        node.right = self.wrap(right, "over", None);
    }

    fn visit_mut_return_stmt(&mut self, node: &mut ReturnStmt) {
        node.visit_mut_children_with(self);
        if self.only_signals {
            return;
        }
        node.arg = node.arg.take().map(|arg| self.wrap(arg, "result", None));
    }

    fn visit_mut_stmts(&mut self, stmts: &mut Vec<Stmt>) {
        for i in (0..stmts.len()).rev() {
            if self.is_bare_return(&stmts[i]) {
                stmts.insert(i, tell(self.context, "result"));
            } else {
                stmts[i].visit_mut_with(self);
            }
        }
    }

    /// Where only one statement may stand.
    fn visit_mut_stmt(&mut self, stmt: &mut Stmt) {
        if self.is_bare_return(stmt) {
            let bare = std::mem::take(stmt);
            *stmt = Stmt::Block(block(vec![tell(self.context, "result"), bare]));
        } else {
            stmt.visit_mut_children_with(self);
        }
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        node.decorators.visit_mut_with(self);
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        self.visit_for_signals(&mut node.params);
        self.visit_for_signals(&mut node.body);
    }

    fn visit_mut_constructor(&mut self, _: &mut Constructor) {}

    fn visit_mut_getter_prop(&mut self, node: &mut GetterProp) {
        node.key.visit_mut_with(self);
    }

    fn visit_mut_setter_prop(&mut self, node: &mut SetterProp) {
        node.key.visit_mut_with(self);
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        node.key.visit_mut_with(self);
        node.decorators.visit_mut_with(self);
        self.visit_for_signals(&mut node.value);
    }

    fn visit_mut_private_prop(&mut self, node: &mut PrivateProp) {
        node.decorators.visit_mut_with(self);
        self.visit_for_signals(&mut node.value);
    }

    fn visit_mut_auto_accessor(&mut self, node: &mut AutoAccessor) {
        node.key.visit_mut_with(self);
        node.decorators.visit_mut_with(self);
        self.visit_for_signals(&mut node.value);
    }

    fn visit_mut_static_block(&mut self, node: &mut StaticBlock) {
        self.visit_for_signals(&mut node.body);
    }
}

/// Whether a statement never goes on to the next one, as far as a glance tells. A call behind such a one would be a block
/// that never ran to V8's coverage.
fn leaves(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Return(_) | Stmt::Throw(_) => true,
        Stmt::Block(block) => block.stmts.last().is_some_and(leaves),
        Stmt::If(node) => leaves(&node.cons) && node.alt.as_deref().is_some_and(leaves),
        Stmt::For(node) => node.test.is_none() && !has_break(&node.body),
        Stmt::While(node) => {
            matches!(&*node.test, Expr::Lit(Lit::Bool(Bool { value: true, .. }))) && !has_break(&node.body)
        }
        _ => false,
    }
}

fn has_break(stmt: &Stmt) -> bool {
    struct Search(bool);
    impl Visit for Search {
        fn visit_break_stmt(&mut self, _: &BreakStmt) {
            self.0 = true;
        }
        fn visit_function(&mut self, _: &Function) {}
        fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    }
    let mut search = Search(false);
    stmt.visit_with(&mut search);
    search.0
}
