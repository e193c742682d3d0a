//! A tower layer that checks requests with Syntrap: the query's arguments, and the body while it
//! streams through to the service. No body is buffered.
//!
//! A request whose query has a finding is answered with 403. A body is checked piece by piece on its
//! way; at a finding it ends with an error, so that the service never sees the whole, and the client gets
//! 403 too.

mod body;
mod layer;

pub use body::{CheckedBody, Refused};
pub use layer::{SyntrapLayer, SyntrapService};
