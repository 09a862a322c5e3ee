import ArgumentParser
import Documents
import Runs

/// Whether finished figures are still what was written.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the files of an output folder against the digests in its manifests.",
        discussion: "The exit code is 65 when a file is missing, cut short or altered. Runs from before there were digests are named.")

    @Argument(help: ArgumentHelp("An output folder of 'run' or 'sweep', or a run's folder.", valueName: "dir"))
    var folder: String

    func run() throws {
        let findings = try Verification(path: folder).findings
        print(
            AlignedText.table(
                [["run", "found"]] + findings.map { [$0.run, $0.text] }, leftAligned: [0, 1], wrapping: [1],
                width: Terminal.standardOutput.width), terminator: "")
        let faults = findings.filter(\.isFault).map(\.run)
        if !faults.isEmpty { throw InputError.data("\(folder): not as it was written: \(faults.joined(separator: ", "))") }
    }
}
