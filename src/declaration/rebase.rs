//! The accepted candidate as the baseline: which one that is.

use super::plain::Plain;
use super::{BaseOrigin, Declaration, Field, LockEntry, keys, table};

impl Declaration {
    /// Where the baseline is to be the accepted candidate: takes the one that omega.lock holds, as long as everything else
    /// is as locked, else the `accepted` one of gold. So a run that was accepted stays what it was, and what is declared
    /// anew is held against what ships by then. Without either the baseline stays as it is declared.
    ///
    /// `accepted` are names and values, spelled as fields are. A parameter that the space does not have is passed over; one
    /// that is not among them keeps its baseline.
    ///
    /// # Errors
    /// If a value is none of its parameter, or out of its range.
    pub fn rebase(&mut self, locked: Option<&LockEntry>, accepted: &[(String, String)]) -> Result<(), String> {
        if self.acceptance.base != BaseOrigin::Accepted {
            return Ok(());
        }
        let (held, others): (Vec<Field>, Vec<Field>) =
            locked.iter().flat_map(|entry| entry.fields.clone()).partition(|field| of_base(field).is_some());
        let own: Vec<Field> = self.fields().into_iter().filter(|field| of_base(field).is_none()).collect();
        let values: Vec<(String, String)> = if own == others {
            held.iter().filter_map(|field| Some((of_base(field)?.to_owned(), field.value.clone()))).collect()
        } else {
            accepted.iter().filter(|(name, _)| self.space.get(name).is_ok()).cloned().collect()
        };
        let read = |(name, value): (String, String)| match Plain::parse(&value) {
            Some(plain) => Ok((name, plain)),
            None => Err(format!("`{}` is {value}, which is no value", name.escape_debug())),
        };
        let values: Vec<(String, Plain)> = values.into_iter().map(read).collect::<Result<_, _>>()?;
        table::set_base(self, values).map_err(|error| error.to_string())?;
        let base = self.config.base_params.as_ref();
        base.map_or(Ok(()), |base| self.space.check_params(base)).map_err(|error| error.to_string())
    }
}

/// The parameter that a field is the baseline's value of.
fn of_base(field: &Field) -> Option<&str> {
    keys().iter().find(|row| row.name() == table::BASE)?.matches(&field.key)
}
