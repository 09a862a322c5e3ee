import Corpus
import Documents
import Foundation
import Recurrent

/// The folders `Configs` and `Ablations`: configurations, profiles, lists of rows and the published table.
public struct ProjectFiles: Sendable {
    /// The folder that holds both.
    public let root: URL

    /// - Parameter configs: the folder `Configs` or the one that holds it; nil for the nearest parent of the working folder,
    ///   else of the executable, that holds both folders, itself or, as `make install` puts them, in its `share/ablate`.
    /// - Throws: ``InputError`` (`inputOutput`) when they are not found.
    public init(configs: String?) throws {
        let manager = FileManager.default
        let working = URL(fileURLWithPath: manager.currentDirectoryPath, isDirectory: true)
        let executable = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates: [URL]
        if let configs {
            let folder = URL(fileURLWithPath: configs, isDirectory: true).standardizedFileURL
            candidates = [folder, folder.deletingLastPathComponent()]
        } else {
            candidates = Self.withParents(working)
                + (executable.map(Self.withParents) ?? []).flatMap { [$0, $0.appendingPathComponent("share/ablate", isDirectory: true)] }
        }
        guard let root = candidates.first(where: Self.holdsBothFolders) else {
            throw InputError.inputOutput(
                configs.map { "\($0): holds no Configs/profiles and Ablations/rows" }
                    ?? "no folder Configs beside a folder Ablations was found above \(working.path); name it with --configs")
        }
        self.root = root
    }

    private static func withParents(_ folder: URL) -> [URL] {
        let folder = folder.standardizedFileURL
        return folder.path == "/" ? [folder] : [folder] + withParents(folder.deletingLastPathComponent())
    }

    private static func holdsBothFolders(_ folder: URL) -> Bool {
        ["Configs/profiles", "Ablations/rows"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
        }
    }

    /// The full model's configuration: the dataset's file for the cell, under the profile, under `key=value` assignments.
    ///
    /// - Parameter epochs: of the main stage, and at most as many of fine-tuning.
    /// - Throws: ``InputError`` naming file or option, and key.
    public func configuration(
        dataset: String, cell: CellKind, profile: String, assignments: [String] = [], epochs: Int? = nil
    ) throws -> Configuration {
        var configuration = Configuration()
        configuration.profile = profile
        configuration.model.cell = cell
        let base: String
        switch Dataset(argument: dataset) {
        case .folder(let path):
            configuration.dataset = URL(fileURLWithPath: path).standardizedFileURL.path
            base = Dataset.ptb.name
        case let named:
            configuration.dataset = dataset
            base = named.name
        }
        let profiles = try names(in: "Configs/profiles")
        guard profiles.contains(profile) else {
            throw InputError.usage(
                "unknown profile '\(profile)'.\(NearestName.hint(for: profile, among: profiles)) "
                    + "There are \(profiles.joined(separator: ", ")).")
        }
        for path in ["Configs/\(base)-\(cell.rawValue).yaml", "Configs/profiles/\(profile).yaml"] {
            try configuration.overlay(root.appendingPathComponent(path))
        }
        for assignment in assignments { try configuration.set(assignment) }
        if let epochs {
            try configuration.set("epochs=\(epochs)")
            configuration.schedule.fineTuningEpochs = min(configuration.schedule.fineTuningEpochs, epochs)
        }
        if let contradiction = configuration.contradiction { throw InputError.usage(contradiction) }
        return configuration
    }

    /// A list of rows: `paper` or `extended`, or the path of a file with one. What could be both is the name.
    ///
    /// - Throws: ``InputError``: `usage` when it is neither; `inputOutput` when the file cannot be read; `data` naming file and line.
    public func rows(listed name: String) throws -> [Row] {
        let lists = try names(in: "Ablations/rows")
        if lists.contains(name) { return try Row.list(root.appendingPathComponent("Ablations/rows/\(name).yaml")) }
        guard name.contains("/") || name.hasSuffix(".yaml") || FileManager.default.fileExists(atPath: name) else {
            throw InputError.usage(
                "unknown list of rows '\(name)'.\(NearestName.hint(for: name, among: lists)) "
                    + "There are \(lists.joined(separator: ", ")); a file of rows is named by its path.")
        }
        return try Row.list(URL(fileURLWithPath: name))
    }

    private func names(in folder: String) throws -> [String] {
        let url = root.appendingPathComponent(folder)
        do {
            return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".yaml") }
                .map { String($0.dropLast(5)) }.sorted()
        } catch {
            throw InputError.inputOutput("\(url.path): cannot be read: \(TextFile.reason(error))")
        }
    }
}
