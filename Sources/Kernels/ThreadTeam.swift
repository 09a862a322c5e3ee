import CKernels
import Dispatch
import Foundation
import Synchronization

/// Threads that stay alive and share the parts of a loop, so that a time step costs a barrier and not the making of threads.
///
/// The parts of a loop depend on the number of threads alone, so that a result is the same every time. A loop that starts while
/// another is under way runs its parts one after the other.
public enum ThreadTeam {
    /// Number of threads that share a loop, the caller among them. Set it before work starts.
    public static var threads: Int {
        get { count.load(ordering: .relaxed) }
        set {
            precondition(newValue > 0, "a team has at least one thread")
            count.store(newValue, ordering: .relaxed)
        }
    }

    private static let count = Atomic<Int>(1)
    private static let busy = Atomic<Bool>(false)
    private static let workers = Mutex<[Worker]>([])

    /// Calls `body` once for each part of `0 ..< total`, on as many threads as there are.
    ///
    /// - Parameter granule: all parts but the last are multiples of it.
    static func forEachPart(of total: Int, granule: Int = 1, _ body: (Range<Int>) -> Void) {
        forEachNumberedPart(of: total, granule: granule) { _, part in body(part) }
    }

    /// The same with the number of each part, from 0, below ``threads``.
    static func forEachNumberedPart(of total: Int, granule: Int, _ body: (Int, Range<Int>) -> Void) {
        let granules = (total + granule - 1) / granule
        let parts = min(threads, granules)
        guard parts > 1 else {
            if total > 0 { body(0, 0..<total) }
            return
        }
        func part(_ index: Int) -> Range<Int> {
            granules * index / parts * granule..<min(granules * (index + 1) / parts * granule, total)
        }
        guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            for index in 0..<parts { body(index, part(index)) }
            return
        }
        defer { busy.store(false, ordering: .releasing) }
        withoutActuallyEscaping(body) { body in
            // The workers are waited for before the closure ends.
            nonisolated(unsafe) let body = body
            let team = workers.withLock { workers in
                while workers.count < parts - 1 { workers.append(Worker()) }
                return Array(workers.prefix(parts - 1))
            }
            for (index, worker) in team.enumerated() {
                let range = part(index + 1)
                worker.start { body(index + 1, range) }
            }
            body(0, part(0))
            for worker in team { worker.wait() }
        }
    }

    /// One thread, which spins for a while between two jobs and then sleeps.
    private final class Worker: @unchecked Sendable {
        private var job: (@Sendable () -> Void)?
        private let given = Atomic<Int>(0)
        private let done = Atomic<Int>(0)
        private let isAsleep = Atomic<Bool>(false)
        private let wake = DispatchSemaphore(value: 0)
        /// About a tenth of a millisecond: longer than the pointwise part of a time step.
        private static let patience = 4_000

        init() {
            SystemThread.detach(stackSize: 1 << 21) { [unowned self] in work() }
        }

        func start(_ job: @escaping @Sendable () -> Void) {
            self.job = job
            given.add(1, ordering: .sequentiallyConsistent)
            if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { wake.signal() }
        }

        func wait() {
            let goal = given.load(ordering: .relaxed)
            var spins = 0
            while done.load(ordering: .acquiring) < goal {
                spins += 1
                // Where there are more threads than cores, the one waited for needs this one's.
                if spins > Self.patience { sched_yield() } else { ck_pause() }
            }
        }

        private func work() {
            var finished = 0
            while true {
                var spins = 0
                while given.load(ordering: .sequentiallyConsistent) == finished {
                    spins += 1
                    ck_pause()
                    if spins > Self.patience { sleep(after: finished) }
                }
                job?()
                job = nil
                finished += 1
                done.store(finished, ordering: .releasing)
            }
        }

        private func sleep(after finished: Int) {
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            if given.load(ordering: .sequentiallyConsistent) == finished {
                wake.wait()
            } else if !isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
                wake.wait()
            }
        }
    }
}

/// The sum of a function over the parts of `0 ..< total`, each computed by one thread, added in their order.
func sumOfParts(of total: Int, granule: Int = 1, _ body: (Range<Int>) -> Double) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: ThreadTeam.threads) { sums in
        sums.initialize(repeating: 0)
        // Each part has a place of its own.
        nonisolated(unsafe) let places = sums
        ThreadTeam.forEachNumberedPart(of: total, granule: granule) { places[$0] = body($1) }
        return sums.reduce(0, +)
    }
}
