import Documents
import Foundation

/// What Slurm's own programs say and do.
enum SlurmQueue {
    /// What Slurm says of a task.
    struct Entry: Equatable, Sendable {
        /// The job's name.
        let name: String
        /// The number of the array and of the task in it, as `12_3`.
        let job: String
        /// In Slurm's words, as `PENDING`.
        let state: String
        /// Where it runs; empty while it does not.
        let node: String
        /// Why it does not run, in Slurm's words.
        let reason: String

        /// The task's number in its array.
        var number: Int? { job.split(separator: "_").last.flatMap { Int($0) } }
        /// The number of the array.
        var array: String { String(job.prefix { $0 != "_" }) }
        /// Whether it has ended and is not requeued.
        var isOver: Bool { SlurmQueue.finalStates.contains(state) }
        /// In words.
        var text: String {
            let place = node.isEmpty ? reason.isEmpty || reason == "None" ? "" : ", \(reason)" : " on \(node)"
            return "job \(job), \(state)\(place)"
        }
    }

    private static let finalStates: Set = [
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT",
    ]

    /// The tasks of these jobs that Slurm knows of; it forgets those that ended a while ago.
    ///
    /// - Throws: ``InputError`` (`inputOutput`) with what squeue says.
    static func entries(ofJobs names: [String]) throws -> [Entry] {
        guard !names.isEmpty else { return [] }
        let said = try run(
            "squeue", ["--noheader", "--array", "--states=all", "--name=\(names.joined(separator: ","))", "--format=%j|%i|%T|%N|%r"])
        return said.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
            return fields.count == 5 ? Entry(name: fields[0], job: fields[1], state: fields[2], node: fields[3], reason: fields[4]) : nil
        }
    }

    /// Runs a program of Slurm's.
    ///
    /// - Returns: what it prints, without line ends around it.
    /// - Throws: ``InputError`` (`inputOutput`) when there is none, or with its own words when it fails.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw InputError.inputOutput("\(program): cannot be started: \(TextFile.reason(error))")
        }
        // What they say is short, and fits in the pipes.
        let printed = output.fileHandleForReading.allBytes()
        let complaint = errors.fileHandleForReading.allBytes()
        process.waitUntilExit()
        let (status, words) = (process.terminationStatus, String(decoding: complaint, as: UTF8.self).trimmingCharacters(in: .newlines))
        guard process.terminationReason == .exit, status == 0 else {
            throw InputError.inputOutput(
                status == 127
                    ? "\(program): was not found; --launcher slurm needs Slurm's programs where the command is typed"
                    : "\(program) failed with exit code \(status):\n\(words)")
        }
        return String(decoding: printed, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
