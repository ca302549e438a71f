//! A run that the committed files do not accept, on its page.

use super::model::{Page, Refusal};
use crate::artifacts::{JudgedCase, refused};
use crate::gates::Verdict;
use crate::report::escape::Text;

impl Page {
    /// Says that the run was not accepted, and by which cases. What its own gates say stays what decides whether the
    /// artifact contradicts itself.
    #[must_use]
    pub fn refused(mut self, verdict: Verdict, refusals: &[JudgedCase]) -> Self {
        let case = |refusal: &JudgedCase| (Text::new(refusal.case.to_string()), Text::new(&refusal.reason));
        if !refusals.is_empty() {
            let cases = refusals.iter().map(case).collect();
            self.refusal = Some(Refusal { verdict: Text::new(refused(verdict, refusals).to_string()), cases });
        }
        self
    }
}
