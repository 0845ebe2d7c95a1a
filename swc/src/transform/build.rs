//! Makes nodes. They stand nowhere in the source: without a place nothing maps to them, and no comment belongs to them.

use super::swc_core::common::{SyntaxContext, DUMMY_SP};
use super::swc_core::ecma::ast::*;

pub fn ident(name: &str, ctxt: SyntaxContext) -> Ident {
    Ident::new(name.into(), DUMMY_SP, ctxt)
}

pub fn read(id: &Ident) -> Box<Expr> {
    Box::new(Expr::Ident(Ident { span: DUMMY_SP, optional: false, ..id.clone() }))
}

pub fn string(value: &str) -> Box<Expr> {
    Box::new(Expr::Lit(Lit::Str(value.into())))
}

pub fn number(value: usize) -> Box<Expr> {
    Box::new(Expr::Lit(Lit::Num((value as f64).into())))
}

pub fn boolean(value: bool) -> Box<Expr> {
    Box::new(Expr::Lit(Lit::Bool(value.into())))
}

/// `void 0`
pub fn undefined() -> Box<Expr> {
    Box::new(Expr::Unary(UnaryExpr { span: DUMMY_SP, op: UnaryOp::Void, arg: number(0) }))
}

pub fn this() -> Box<Expr> {
    Box::new(Expr::This(ThisExpr { span: DUMMY_SP }))
}

pub fn member(object: Box<Expr>, name: &str) -> Box<Expr> {
    let prop = MemberProp::Ident(IdentName::new(name.into(), DUMMY_SP));
    Box::new(Expr::Member(MemberExpr { span: DUMMY_SP, obj: object, prop }))
}

pub fn call(callee: Box<Expr>, args: Vec<Box<Expr>>) -> Box<Expr> {
    Box::new(Expr::Call(CallExpr {
        callee: Callee::Expr(callee),
        args: args.into_iter().map(|expr| ExprOrSpread { spread: None, expr }).collect(),
        ..Default::default()
    }))
}

pub fn or(left: Box<Expr>, right: Box<Expr>) -> Box<Expr> {
    Box::new(Expr::Bin(BinExpr { span: DUMMY_SP, op: BinaryOp::LogicalOr, left, right }))
}

pub fn sequence(exprs: Vec<Box<Expr>>) -> Box<Expr> {
    Box::new(Expr::Seq(SeqExpr { span: DUMMY_SP, exprs }))
}

pub fn assign(id: &Ident, right: Box<Expr>) -> Box<Expr> {
    let left = AssignTarget::Simple(SimpleAssignTarget::Ident(id.clone().into()));
    Box::new(Expr::Assign(AssignExpr { span: DUMMY_SP, op: AssignOp::Assign, left, right }))
}

/// `{ key: value }`
pub fn object_of(key: PropName, value: Box<Expr>) -> Box<Expr> {
    object(vec![Prop::KeyValue(KeyValueProp { key, value })])
}

pub fn object(props: Vec<Prop>) -> Box<Expr> {
    let props = props.into_iter().map(|prop| PropOrSpread::Prop(Box::new(prop))).collect();
    Box::new(Expr::Object(ObjectLit { span: DUMMY_SP, props }))
}

pub fn computed(expr: Box<Expr>) -> PropName {
    PropName::Computed(ComputedPropName { span: DUMMY_SP, expr })
}

pub fn statement(expr: Box<Expr>) -> Stmt {
    Stmt::Expr(ExprStmt { span: DUMMY_SP, expr })
}

pub fn return_of(arg: Box<Expr>) -> Stmt {
    Stmt::Return(ReturnStmt { span: DUMMY_SP, arg: Some(arg) })
}

pub fn block(stmts: Vec<Stmt>) -> BlockStmt {
    BlockStmt { span: DUMMY_SP, ctxt: SyntaxContext::empty(), stmts }
}

pub fn declarator(name: Pat, init: Option<Box<Expr>>) -> VarDeclarator {
    VarDeclarator { span: DUMMY_SP, name, init, definite: false }
}

pub fn variables(kind: VarDeclKind, decls: Vec<VarDeclarator>) -> Stmt {
    Stmt::Decl(Decl::Var(Box::new(VarDecl { kind, decls, ..Default::default() })))
}

/// `var id = init;`
pub fn variable(kind: VarDeclKind, id: Ident, init: Option<Box<Expr>>) -> Stmt {
    variables(kind, vec![declarator(Pat::Ident(id.into()), init)])
}

pub fn function(params: Vec<Ident>, stmts: Vec<Stmt>) -> Function {
    let params = params.into_iter().map(|id| Param::from(Pat::Ident(id.into()))).collect();
    let mut function = Function { params, body: Some(Default::default()), ..Default::default() };
    if let Some(body) = &mut function.body {
        body.stmts = stmts;
    }
    function
}

pub fn declaration(ident: Ident, function: Function) -> FnDecl {
    FnDecl { ident, declare: false, function: Box::new(function) }
}
