//! Which provider ONNX Runtime really gave the nodes of a graph to.

use std::ffi::{CStr, c_char};
use std::ptr;

use ort::AsPointer;
use ort::session::Session;

/// The session option that makes ONNX Runtime keep the answer.
pub const OPTION: &str = "session.record_ep_graph_assignment_info";

/// For each provider, by ONNX Runtime's name, how many nodes it runs; the graph as it was after optimisation.
///
/// # Errors
/// The session was made without [`OPTION`].
pub fn nodes_by_provider(session: &Session) -> ort::Result<Vec<(String, usize)>> {
    let api = ort::api();
    let mut subgraphs = ptr::null();
    let mut count = 0;
    // SAFETY: the session is alive and both pointers lead to local variables. The array that comes back belongs to
    // the session, which outlives this function's use of it.
    let subgraphs: &[_] = unsafe {
        let status = (api.Session_GetEpGraphAssignmentInfo)(session.ptr(), &mut subgraphs, &mut count);
        ort::Error::result_from_status(status)?;
        if subgraphs.is_null() { &[] } else { std::slice::from_raw_parts(subgraphs, count) }
    };
    let mut providers: Vec<(String, usize)> = Vec::new();
    for &subgraph in subgraphs {
        let mut name: *const c_char = ptr::null();
        let mut nodes = ptr::null();
        let mut count = 0;
        // SAFETY: the subgraph is one that the session just gave, and the pointers lead to local variables.
        unsafe {
            ort::Error::result_from_status((api.EpAssignedSubgraph_GetEpName)(subgraph, &mut name))?;
            ort::Error::result_from_status((api.EpAssignedSubgraph_GetNodes)(
                subgraph, &mut nodes, &mut count,
            ))?;
        }
        if name.is_null() {
            continue;
        }
        // SAFETY: not null, and a C string that belongs to the session.
        let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
        match providers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, total)) => *total += count,
            None => providers.push((name.into_owned(), count)),
        }
    }
    Ok(providers)
}
