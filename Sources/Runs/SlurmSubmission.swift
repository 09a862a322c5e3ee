import Configurations
import Documents
import Foundation
import LanguageModel

/// What was handed to Slurm at one time: an array of tasks, one run each. It is written down in the output folder before Slurm knows of it,
/// so that whoever sees the folder can tell what is in the queue, and a command that was killed on the way is taken up again.
struct SlurmSubmission: Codable, Equatable, Sendable {
    struct Task: Codable, Equatable, Sendable {
        /// The name of the run.
        let run: String
        /// The definition of its row.
        let row: String
        /// The run that it starts from, and when, where it starts from one of this array.
        var origin: String?
        var moment: String?
    }

    /// The folder within an output folder for these, and for what the tasks print.
    static let folderName = "slurm"

    /// The job's name in Slurm, which no other job has.
    let name: String
    /// In the order of their numbers in the array, from 0.
    let tasks: [Task]

    /// - Parameter runs: of the plan.
    init(_ runs: [PlannedRun], of plan: RunPlan, in store: RunStore) {
        // Letters of the folder's name that neither Slurm nor a shell takes for something else.
        let folder = store.folder.lastPathComponent.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)) }
        name = "ablate-\(String(String.UnicodeScalarView(folder)).prefix(40))-\(UUID().uuidString.prefix(8).lowercased())"
        tasks = runs.map { run in
            let start = plan.shared.starts[run.name]
            return Task(run: run.name, row: run.row.definition, origin: start?.origin, moment: start?.moment.name)
        }
    }

    /// Those of a folder, in the order of their names; damaged files are passed over.
    static func all(in store: RunStore) -> [SlurmSubmission] {
        let folder = store.folder.appendingPathComponent(folderName, isDirectory: true)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.compactMap { file in
            (try? TextFile.read(file)).flatMap { try? JSONText.decode(SlurmSubmission.self, from: $0) }
        }
    }

    /// - Throws: `InputError` (`inputOutput` or `data`) when it is not there, or damaged.
    init(name: String, in store: RunStore) throws {
        let file = Self.file(name, in: store)
        do {
            self = try JSONText.decode(SlurmSubmission.self, from: try TextFile.read(file))
        } catch is DecodingError {
            throw InputError.data("\(file.path): is not what 'ablate run --launcher slurm' wrote")
        }
    }

    func write(in store: RunStore) throws {
        let file = Self.file(name, in: store)
        do {
            try DurableFile.makeFolder(file.deletingLastPathComponent())
        } catch {
            throw InputError.inputOutput("\(file.path): cannot be written: \(TextFile.reason(error))")
        }
        try TextFile.write(try JSONText.encode(self), to: file)
    }

    /// Takes it away, and the folder for such files where it is empty.
    func remove(from store: RunStore) {
        let file = Self.file(name, in: store)
        try? FileManager.default.removeItem(at: file)
        rmdir(file.deletingLastPathComponent().path)
    }

    /// What a task prints, whenever and wherever it runs.
    func log(ofTask number: Int, in store: RunStore) -> URL {
        Self.file(name, in: store).deletingLastPathComponent().appendingPathComponent("\(name)-\(number).log")
    }

    /// Which runs start from which.
    var shared: SharedSteps {
        SharedSteps(
            starts: Dictionary(
                tasks.compactMap { task in
                    guard let origin = task.origin, let moment = task.moment.flatMap(TrainingMoment.init(name:)) else { return nil }
                    return (task.run, SharedSteps.Start(origin: origin, moment: moment))
                }, uniquingKeysWith: { first, _ in first }))
    }

    private static func file(_ name: String, in store: RunStore) -> URL {
        store.folder.appendingPathComponent(folderName, isDirectory: true).appendingPathComponent("\(name).json")
    }
}
