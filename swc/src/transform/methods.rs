//! Methods of objects and classes.

use super::build::{self, boolean, member, object, sequence, string, this};
use super::find::is_generator_function;
use super::names::{key_text, own_key, written_key};
use super::swc_core::ecma::ast::*;
use super::swc_core::ecma::visit::{Visit, VisitMutWith, VisitWith};
use super::Compiler;
use std::collections::HashSet;

/// A method that can only be swapped once the object around it is there: key, location, contested.
type Swap = [Option<Box<Expr>>; 3];

/// What a member may put in the place of another one.
struct Member {
    is_static: bool,
    key: Option<String>,
    is_generator: bool,
}

/// Whether a later member may be what the program sees under the method's key: `true`, for the shim.
fn may_be_replaced(method: &Member, later: &[Option<Member>]) -> Option<Box<Expr>> {
    let is_contested =
        later.iter().flatten().filter(|other| other.is_static == method.is_static).any(|other| {
            // Of two async generators the shim may take the one for the other.
            if other.key.is_none() {
                !other.is_generator
            } else {
                other.key == method.key
            }
        });
    is_contested.then(|| boolean(true))
}

/// Of two members with one key the later one is the member.
fn is_overridden(method: &Member, later: &[Option<Member>]) -> bool {
    method.key.is_some()
        && later.iter().flatten().any(|other| other.is_static == method.is_static && other.key == method.key)
}

/// The private names of a file.
pub fn private_names(program: &Program) -> HashSet<String> {
    #[derive(Default)]
    struct Names(HashSet<String>);
    impl Visit for Names {
        fn visit_private_name(&mut self, name: &PrivateName) {
            self.0.insert(name.name.to_string());
        }
    }
    let mut names = Names::default();
    program.visit_with(&mut names);
    names.0
}

impl Compiler<'_> {
    /// `key: fn({ async *key() {} }, 'file:1:2')`
    pub fn compile_object(&mut self, expr: &mut Expr) {
        expr.visit_mut_children_with(self);
        let Expr::Object(node) = &mut *expr else { return };
        let is_method = |prop: &PropOrSpread| matches!(prop, PropOrSpread::Prop(prop) if matches!(&**prop, Prop::Method(method) if is_generator_function(&method.function)));
        if !node.props.iter().any(is_method) {
            return;
        }
        let members: Vec<Option<Member>> = node.props.iter().map(|prop| Some(object_member(prop))).collect();
        let mut swaps: Vec<Swap> = Vec::new();
        for i in 0..node.props.len() {
            let PropOrSpread::Prop(prop) = &mut node.props[i] else { continue };
            let Prop::Method(method) = &mut **prop else { continue };
            if !is_generator_function(&method.function) || self.is_ignored(&method.function.span) {
                continue;
            }
            let name = key_text(&method.key);
            let location = self.ctx.location(method.function.span, name.as_deref());
            if uses_super(&method.function) {
                let Some(own) = &members[i] else { continue };
                let contested = may_be_replaced(own, &members[i + 1..]);
                swaps.push([Some(self.key_again(&mut method.key)), location, contested]);
                continue;
            }
            let Prop::Method(mut method) = std::mem::replace(&mut **prop, Prop::Shorthand(Ident::default()))
            else {
                continue;
            };
            let key = match &mut method.key {
                PropName::Computed(_) => {
                    let again = self.key_again(&mut method.key);
                    std::mem::replace(&mut method.key, build::computed(again))
                }
                key if name.as_deref() == Some("__proto__") => {
                    *key = own_key("__proto__");
                    build::computed(string("__proto__"))
                }
                key => key.clone(),
            };
            let value = self.ctx.call("fn", vec![Some(object(vec![Prop::Method(method)])), location]);
            **prop = Prop::KeyValue(KeyValueProp { key, value });
        }
        for [key, location, contested] in swaps.into_iter().rev() {
            let home = Box::new(std::mem::take(expr));
            *expr = *self.ctx.call("method", vec![Some(home), key, location, contested]);
        }
    }

    /// | method               | becomes                                                             |
    /// |----------------------|---------------------------------------------------------------------|
    /// | public               | itself; a static field swaps the visible function in                |
    /// | private              | itself, renamed; a getter of its name gives the visible function    |
    /// | in a decorated class | itself, with a decorator of ours innermost: the user's decorators see the visible function; a private one only if it is decorated itself |
    pub fn compile_class(&mut self, node: &mut Class) {
        let is_decorated =
            !node.decorators.is_empty() || node.body.iter().any(|member| !decorators(member).is_empty());
        let members: Vec<Option<Member>> = node.body.iter().map(class_member).collect();
        let mut swaps = Vec::new();
        let mut getters = Vec::new();
        for i in 0..node.body.len() {
            if self.is_ignored(&node.body[i]) {
                continue;
            }
            match &mut node.body[i] {
                ClassMember::Method(method) if is_generator_function(&method.function) => {
                    let location = self.ctx.location(method.span, key_text(&method.key).as_deref());
                    if is_decorated {
                        self.decorate(&mut method.function, location);
                        continue;
                    }
                    let Some(own) = &members[i] else { continue };
                    if is_overridden(own, &members[i + 1..]) {
                        continue;
                    }
                    let home = if method.is_static { this() } else { member(this(), "prototype") };
                    let contested = may_be_replaced(own, &members[i + 1..]);
                    let key = self.key_again(&mut method.key);
                    swaps.push(self.ctx.call("method", vec![Some(home), Some(key), location, contested]));
                }
                ClassMember::PrivateMethod(method) if is_generator_function(&method.function) => {
                    let name = format!("#{}", method.key.name);
                    let location = self.ctx.location(method.span, Some(&name));
                    if method.function.decorators.is_empty() {
                        getters.push((i + 1, self.read_by_getter(method, location)));
                    } else {
                        self.decorate(&mut method.function, location);
                    }
                }
                _ => {}
            }
        }
        for (at, getter) in getters.into_iter().rev() {
            node.body.insert(at, ClassMember::PrivateMethod(getter));
        }
        if !swaps.is_empty() {
            node.body.insert(0, self.swap_methods(swaps));
        }
    }

    fn decorate(&mut self, function: &mut Function, location: Option<Box<Expr>>) {
        let expr = self.ctx.call("decorate", vec![location]);
        function.decorators.push(Decorator { span: Default::default(), expr });
    }

    /// `static #_ = method(this.prototype, 'items', 'file:1:2');`
    ///
    /// A field, not a static block: engines have had it for longer.
    fn swap_methods(&mut self, mut swaps: Vec<Box<Expr>>) -> ClassMember {
        let value = if swaps.len() == 1 { swaps.remove(0) } else { sequence(swaps) };
        ClassMember::PrivateProp(PrivateProp {
            key: self.ctx.free_private_name("_"),
            value: Some(value),
            is_static: true,
            ..Default::default()
        })
    }

    /// `async *#items_() {}` and `get #items() { return same(this.#items_, 'file:1:2', '#items'); }`
    ///
    /// A private method cannot be replaced. `#items in object`, a call and the TypeError of an assignment stay as they are.
    fn read_by_getter(&mut self, method: &mut PrivateMethod, location: Option<Box<Expr>>) -> PrivateMethod {
        // Where SWC lowers both, the method `#_items` would meet the variable of `#items`. So no name begins with `_`.
        let prefix = if method.key.name.starts_with('_') { "of" } else { "" };
        let inner = self.ctx.free_private_name(&format!("{prefix}{}_", method.key.name));
        self.ctx.private_names.insert(inner.name.to_string());
        let visible = std::mem::replace(&mut method.key, inner.clone());
        let name = string(&format!("#{}", visible.name));
        let inner = Box::new(Expr::Member(MemberExpr {
            obj: this(),
            prop: MemberProp::PrivateName(inner),
            ..Default::default()
        }));
        let value = self.ctx.call("same", vec![Some(inner), location, Some(name)]);
        PrivateMethod {
            key: visible,
            function: Box::new(build::function(vec![], vec![build::return_of(value)])),
            kind: MethodKind::Getter,
            is_static: method.is_static,
            ..Default::default()
        }
    }
}

fn decorators(member: &ClassMember) -> &[Decorator] {
    match member {
        ClassMember::Method(node) => &node.function.decorators,
        ClassMember::PrivateMethod(node) => &node.function.decorators,
        ClassMember::ClassProp(node) => &node.decorators,
        ClassMember::PrivateProp(node) => &node.decorators,
        ClassMember::AutoAccessor(node) => &node.decorators,
        _ => &[],
    }
}

fn class_member(node: &ClassMember) -> Option<Member> {
    let ClassMember::Method(method) = node else { return None };
    Some(Member {
        is_static: method.is_static,
        key: written_key(&method.key),
        is_generator: is_generator_function(&method.function),
    })
}

fn object_member(node: &PropOrSpread) -> Member {
    let (key, is_generator) = match node {
        PropOrSpread::Prop(prop) => match &**prop {
            Prop::Shorthand(id) => (Some(id.sym.to_string()), false),
            Prop::KeyValue(node) => (written_key(&node.key), false),
            Prop::Getter(node) => (written_key(&node.key), false),
            Prop::Setter(node) => (written_key(&node.key), false),
            Prop::Method(node) => (written_key(&node.key), is_generator_function(&node.function)),
            _ => (None, false),
        },
        // A spread may bring any key.
        _ => (None, false),
    };
    Member { is_static: false, key, is_generator }
}

/// `super` belongs to the object that the method was written in: such a method cannot move. Direct `eval` may say it, too.
fn uses_super(function: &Function) -> bool {
    #[derive(Default)]
    struct Search(bool);
    impl Visit for Search {
        fn visit_super_prop_expr(&mut self, _: &SuperPropExpr) {
            self.0 = true;
        }
        fn visit_call_expr(&mut self, node: &CallExpr) {
            if let Callee::Expr(callee) = &node.callee {
                self.0 |= callee.is_ident_ref_to("eval");
            }
            node.visit_children_with(self);
        }
        // What stands in them, but for a computed key, has another `super` or none.
        fn visit_function(&mut self, node: &Function) {
            node.decorators.visit_with(self);
        }
        fn visit_constructor(&mut self, _: &Constructor) {}
        fn visit_getter_prop(&mut self, node: &GetterProp) {
            node.key.visit_with(self);
        }
        fn visit_setter_prop(&mut self, node: &SetterProp) {
            node.key.visit_with(self);
        }
        fn visit_class_prop(&mut self, node: &ClassProp) {
            node.key.visit_with(self);
            node.decorators.visit_with(self);
        }
        fn visit_private_prop(&mut self, node: &PrivateProp) {
            node.decorators.visit_with(self);
        }
        fn visit_auto_accessor(&mut self, node: &AutoAccessor) {
            node.key.visit_with(self);
            node.decorators.visit_with(self);
        }
        fn visit_static_block(&mut self, _: &StaticBlock) {}
    }
    let mut search = Search::default();
    function.params.visit_with(&mut search);
    function.body.visit_with(&mut search);
    search.0
}
