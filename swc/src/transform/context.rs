//! One file's compilation: what it needs from the shim, and what `finish` has to put in.

use super::build;
use super::host::Host;
use super::signals::Signals;
use super::swc_core::common::{BytePos, Mark, Span, SyntaxContext};
use super::swc_core::ecma::ast::*;
use crate::options::Options;
use std::collections::{BTreeMap, HashSet};

pub struct FileContext<'a> {
    pub host: &'a Host<'a>,
    pub options: &'a Options,
    /// By the name of the export: what the file calls it.
    pub imports: BTreeMap<&'static str, Ident>,
    pub records: Vec<PairRecord>,
    pub signals: Signals,
    /// Where what is to be left alone begins.
    pub ignored: HashSet<BytePos>,
    /// The private names of the source, where they need a look.
    pub private_names: HashSet<String>,
    /// No module, or one that is a CommonJS module in truth.
    pub is_script: bool,
    definitions: Option<Ident>,
    taken: HashSet<String>,
    ctxt: SyntaxContext,
}

/// What the shim has to know of a declaration at the top level.
pub struct PairRecord {
    pub id: Ident,
    pub define: Box<Expr>,
}

/// A syntax context of its own: names in it are other variables than all that there are.
pub fn fresh_context() -> SyntaxContext {
    SyntaxContext::empty().apply_mark(Mark::fresh(Mark::root()))
}

impl<'a> FileContext<'a> {
    pub fn new(host: &'a Host<'a>, options: &'a Options) -> Self {
        FileContext {
            host,
            options,
            imports: BTreeMap::new(),
            records: Vec::new(),
            signals: Signals::default(),
            ignored: HashSet::new(),
            private_names: HashSet::new(),
            is_script: false,
            definitions: None,
            taken: HashSet::new(),
            ctxt: fresh_context(),
        }
    }

    /// A new variable of the file.
    pub fn uid(&mut self, name: &str) -> Ident {
        let mut free = format!("_{name}");
        for i in 2.. {
            if self.taken.insert(free.clone()) {
                break;
            }
            free = format!("_{name}{i}");
        }
        build::ident(&free, self.ctxt)
    }

    /// A call of a shim export.
    pub fn call(&mut self, name: &'static str, args: Vec<Option<Box<Expr>>>) -> Box<Expr> {
        if !self.imports.contains_key(name) {
            let local = self.uid(name);
            self.imports.insert(name, local);
        }
        let callee = build::read(&self.imports[name]);
        let count = args.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let args = args.into_iter().take(count).map(|arg| arg.unwrap_or_else(build::undefined)).collect();
        build::call(callee, args)
    }

    /// The function that runs the definitions of all pairs.
    pub fn definitions(&mut self) -> Ident {
        if self.definitions.is_none() {
            self.definitions = Some(self.uid("definitions"));
        }
        self.definitions.clone().unwrap_or_default()
    }

    /// Where a function stands and its name, as far as it is known: `file:line:column name`. Either part may be missing.
    pub fn location(&self, span: Span, name: Option<&str>) -> Option<Box<Expr>> {
        let place = if self.options.locations { self.host.place(span.lo) } else { None };
        let text = match (place, name) {
            (Some((line, column)), Some(name)) => format!("{}:{line}:{column} {name}", self.host.file),
            (Some((line, column)), None) => format!("{}:{line}:{column}", self.host.file),
            (None, name) => name.unwrap_or_default().to_owned(),
        };
        (!text.is_empty()).then(|| build::string(&text))
    }

    /// The line of a `yield`.
    pub fn line(&self, span: Span) -> Option<Box<Expr>> {
        if !self.options.locations {
            return None;
        }
        self.host.place(span.lo).map(|(line, _)| build::number(line))
    }

    pub fn is_ignored(&self, start: BytePos) -> bool {
        !self.ignored.is_empty() && self.ignored.contains(&start)
    }

    /// A private name that the source does not have: `wanted` or one like it.
    pub fn free_private_name(&self, wanted: &str) -> PrivateName {
        let mut free = wanted.to_owned();
        for i in 2.. {
            if !self.private_names.contains(&free) {
                break;
            }
            free = format!("{wanted}{i}");
        }
        PrivateName { span: Default::default(), name: free.into() }
    }
}
