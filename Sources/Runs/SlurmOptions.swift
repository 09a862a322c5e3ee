import Documents

/// What a person asks of Slurm.
public struct SlurmOptions: Equatable, Sendable {
    /// So many seconds before its time limit a task is told to write its checkpoint.
    static let warning = 120
    /// What only this program can set.
    private static let reserved: Set = [
        "array", "chdir", "cpus-per-task", "dependency", "hold", "job-name", "ntasks", "open-mode", "output", "parsable", "requeue", "no-requeue",
        "signal", "test-only", "wait", "wrap",
    ]

    /// Of `sbatch`, as `--key=value`, in the order in which they were asked for.
    let arguments: [String]
    /// The largest number of tasks side by side; nil for as many as Slurm lets run.
    let arrayLimit: Int?
    /// Whether the command returns when the jobs are in the queue.
    let isDetached: Bool

    /// - Parameters:
    ///   - others: further options of `sbatch`, as `key=value`.
    /// - Throws: ``InputError`` (`usage`) naming the option.
    public init(
        partition: String? = nil, account: String? = nil, time: String? = nil, memory: String? = nil, arrayLimit: Int? = nil,
        others: [String] = [], isDetached: Bool = false
    ) throws {
        if let arrayLimit, arrayLimit < 1 { throw InputError.usage("--array-limit \(arrayLimit): must be at least 1") }
        if let time, let seconds = Self.seconds(time: time), seconds < 2 * Self.warning {
            throw InputError.usage(
                "--time \(time): must be at least \(2 * Self.warning / 60) minutes; a task is told \(Self.warning / 60) minutes before its limit to write its checkpoint")
        }
        let named = [("partition", partition), ("account", account), ("time", time), ("mem", memory)]
        for (key, value) in named where value == "" { throw InputError.usage("--\(key): is empty") }
        for other in others {
            let key = other.prefix { $0 != "=" }
            guard key.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil, key.count < other.count - 1 else {
                throw InputError.usage("--slurm-option \(other): must be KEY=VALUE, an option of sbatch without its dashes, as 'qos=long'")
            }
            if Self.reserved.contains(String(key)) { throw InputError.usage("--slurm-option \(other): '\(key)' is set by this program") }
            if named.contains(where: { $0.0 == key }) { throw InputError.usage("--slurm-option \(other): give --\(key) instead") }
        }
        arguments = named.compactMap { key, value in value.map { "--\(key)=\($0)" } } + others.map { "--\($0)" }
        self.arrayLimit = arrayLimit
        self.isDetached = isDetached
    }

    /// A time in one of Slurm's notations; nil where it is none, which Slurm then says.
    static func seconds(time: String) -> Int? {
        let days = time.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = (days.last ?? "").split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count <= 3, !numbers.contains(where: { $0.map { $0 < 0 || $0 > 10_000_000 } ?? true }) else { return nil }
        let parts = numbers.compactMap { $0 }
        func part(_ index: Int) -> Int { index < parts.count ? parts[index] : 0 }
        if days.count == 2 {
            // days-hours:minutes:seconds
            guard let count = Int(days[0]), (0...100_000).contains(count) else { return nil }
            return ((count * 24 + part(0)) * 60 + part(1)) * 60 + part(2)
        }
        // hours:minutes:seconds, minutes:seconds or minutes
        return parts.count == 3 ? (parts[0] * 60 + parts[1]) * 60 + parts[2] : parts[0] * 60 + part(1)
    }
}
