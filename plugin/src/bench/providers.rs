//! What every provider that this system can have makes of a pack's graphs.

use anyhow::{Result, bail};
use klangbild_engine::inference::{InferenceError, Options, Provider, Runtime};
use klangbild_engine::pack::Pack;

use super::report::Row;
use crate::graphs::Graph;

/// Opens a graph of a pack with these options.
type Opens = fn(&Runtime, &Pack, &Options) -> std::result::Result<Graph, InferenceError>;

/// Each graph on each provider: what a run takes there, or why it is refused.
pub fn measure(runtime: &Runtime, pack: &Pack) -> Vec<Row<Graph>> {
    let graphs: [(&str, Opens); 2] = [("encoder", Graph::of_encoder), ("generator", Graph::of_generator)];
    let each = graphs
        .into_iter()
        .flat_map(|graph| Provider::of_this_system().into_iter().map(move |provider| (graph, provider)));
    each.map(|((what, open), provider)| Row {
        what: format!("{what} on {provider}"),
        measured: on(provider, |options| open(runtime, pack, options)).into(),
    })
    .collect()
}

/// What opens a graph on this provider and no other.
fn on(
    provider: Provider,
    open: impl FnOnce(&Options) -> std::result::Result<Graph, InferenceError>,
) -> Result<Graph> {
    let graph = open(&Options { providers: vec![provider], quickest: false, ..Options::default() })?;
    if graph.provider == provider {
        return Ok(graph);
    }
    match graph.others.iter().find(|other| other.provider == provider) {
        Some(other) => bail!("{}", other.reason),
        None => bail!("{} ran in its place", graph.provider),
    }
}

#[cfg(test)]
mod tests {
    use klangbild_engine::inference::{Fallback, Precision};

    use super::*;

    /// What comes of a graph that is wanted on a provider, where `runs` runs it.
    fn graph(runs: Provider, others: Vec<Fallback>) -> Graph {
        let nodes_by_provider = vec![("WebGpuExecutionProvider".to_owned(), 7)];
        Graph {
            what: "encoder",
            file: String::new(),
            provider: runs,
            device: String::new(),
            precision: Precision::Single,
            ms: 1.5,
            nodes_by_provider,
            process: None,
            others,
        }
    }

    #[test]
    fn who_refuses_is_told_with_the_reason_and_who_runs_with_a_figure() {
        let there = on(Provider::WebGpu, |options| {
            assert_eq!((options.providers.as_slice(), options.quickest), (&[Provider::WebGpu][..], false));
            Ok(graph(Provider::WebGpu, Vec::new()))
        });
        assert_eq!(there.unwrap().nodes(), "7 nodes on WebGpuExecutionProvider");
        let reason = "its results are wrong".to_owned();
        let other = Fallback {
            provider: Provider::WebGpu,
            precision: None,
            reason,
            is_there: false,
            is_slower: false,
        };
        let refused = on(Provider::WebGpu, |_| Ok(graph(Provider::Cpu, vec![other])));
        assert_eq!(refused.unwrap_err().to_string(), "its results are wrong");
    }
}
