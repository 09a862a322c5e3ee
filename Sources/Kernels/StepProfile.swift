import Dispatch
import Synchronization

/// A part of a training step, as the benchmark tells them apart.
public enum StepPart: String, CaseIterable, Sendable {
    case inputProjections = "input-projections"
    case recurrentForward = "recurrent-forward"
    case recurrentBackward = "recurrent-backward"
    case weightGradients = "weight-gradients"
    case decoder = "decoder-and-softmax"
    case pointwise
    case masks
    case optimizer
}

/// Adds up the time of the parts of a step, while it is switched on. For one thread that trains at a time.
public enum StepProfile {
    private static let isOn = Atomic<Bool>(false)
    private static let times = Mutex<[StepPart: UInt64]>([:])

    /// Runs `body`, and counts its time for `part`.
    public static func measure<Result>(_ part: StepPart, _ body: () throws -> Result) rethrows -> Result {
        guard isOn.load(ordering: .relaxed) else { return try body() }
        let start = DispatchTime.now().uptimeNanoseconds
        defer {
            let time = DispatchTime.now().uptimeNanoseconds - start
            times.withLock { $0[part, default: 0] += time }
        }
        return try body()
    }

    /// Runs `body` with the profile switched on.
    ///
    /// - Returns: its result, and the share of its time that went into each part.
    public static func record<Result>(_ body: () throws -> Result) rethrows -> (result: Result, shares: [StepPart: Double]) {
        times.withLock { $0 = [:] }
        isOn.store(true, ordering: .relaxed)
        defer { isOn.store(false, ordering: .relaxed) }
        let start = DispatchTime.now().uptimeNanoseconds
        let result = try body()
        let whole = Double(DispatchTime.now().uptimeNanoseconds - start)
        return (result, times.withLock { $0.mapValues { Double($0) / whole } })
    }
}
