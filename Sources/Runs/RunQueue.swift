import Configurations

/// The runs that have not started, handed out in their order; one that starts from another's state waits until that is there, or will
/// not come, and lets others pass.
///
/// A run waits only for one that has started or that is itself handed out before it, so that there is no waiting for ever.
actor RunQueue {
    private var waiting: [PlannedRun]
    private let shared: SharedSteps
    private let stop: StopRequest
    /// The starts whose state is there, or will not come.
    private var settled: [SharedSteps.Start]
    /// The names of the runs that have started and not ended.
    private var underWay: Set<String> = []
    private var takers: [CheckedContinuation<PlannedRun?, Never>] = []

    /// - Parameters:
    ///   - runs: in the order in which they start, as far as they can.
    ///   - settled: the starts whose state is there before any run starts.
    ///   - stop: once it is made, no run is handed out.
    init(_ runs: [PlannedRun], shared: SharedSteps, settled: [SharedSteps.Start], stop: StopRequest) {
        waiting = runs
        self.shared = shared
        self.settled = settled
        self.stop = stop
    }

    /// The next run that can start, once there is one; nil when none is left, or none is to start any more.
    func next() async -> PlannedRun? {
        await withCheckedContinuation { taker in
            takers.append(taker)
            serve()
        }
    }

    /// Takes note that a run has come to a moment, or will not.
    func settle(_ origin: PlannedRun, _ moment: String) {
        settled += shared.starts.values.filter { $0.origin == origin.name && $0.moment.name == moment }
        serve()
    }

    /// Takes note that a run has ended, however it did.
    func end(_ run: PlannedRun) {
        underWay.remove(run.name)
        settled += shared.starts.values.filter { $0.origin == run.name }
        serve()
    }

    private func serve() {
        while !takers.isEmpty {
            if stop.isPending || waiting.isEmpty {
                takers.removeFirst().resume(returning: nil)
            } else if let index = waiting.firstIndex(where: isReady) ?? (underWay.isEmpty ? 0 : nil) {
                let run = waiting.remove(at: index)
                underWay.insert(run.name)
                takers.removeFirst().resume(returning: run)
            } else {
                return
            }
        }
    }

    private func isReady(_ run: PlannedRun) -> Bool { shared.starts[run.name].map(settled.contains) ?? true }
}
