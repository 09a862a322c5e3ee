import Foundation
import ProjectFolders
import Testing

/// The programs in Scripts that need PyTorch.
enum PyTorch {
    /// A Python that has it, and safetensors: PEER_PYTHON, the one of `make bench-peer`, or that of the system.
    static let python: String? = [
        ProcessInfo.processInfo.environment["PEER_PYTHON"], projectRoot.appendingPathComponent(".build/peer/bin/python").path, "python3",
    ].compactMap { $0 }.first { python in
        let isThere = "from importlib.util import find_spec; raise SystemExit(not (find_spec('torch') and find_spec('safetensors')))"
        return (try? Shell.run([python, "-c", isThere]))?.status == 0
    }

    static let isNeeded: Comment = "needs a Python with PyTorch and safetensors; PEER_PYTHON names one"

    /// Runs a program of Scripts to its end.
    static func run(_ script: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        try Shell.run([try #require(python), projectRoot.appendingPathComponent("Scripts/\(script)").path] + arguments)
    }

    /// The figures in the output of `ablate eval`, Scripts/evaluate_checkpoint.py and Scripts/export_checkpoint.py by split.
    static func perplexities(in output: String) -> [String: Double] {
        let fields = output.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        let figures = fields.compactMap { line in line.count == 2 ? Double(line[1]).map { (String(line[0]), $0) } : nil }
        return Dictionary(figures, uniquingKeysWith: { first, _ in first })
    }
}

/// Expects the same figures of both splits to four significant digits.
func expectAgreement(_ ours: [String: Double], _ theirs: [String: Double], _ comment: Comment) {
    for split in ["validation", "test"] {
        guard let figure = ours[split], let other = theirs[split] else {
            Issue.record("no figure of \(split) text: \(ours), \(theirs); \(comment)")
            continue
        }
        #expect(abs(figure - other) < 5e-5 * figure, comment)
    }
}
