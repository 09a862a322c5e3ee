import Experiments
import Foundation

/// The folder that holds Package.swift, Configs and Ablations.
let projectRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

func projectFiles() throws -> ProjectFiles { try ProjectFiles(configs: projectRoot.path) }

/// Runs `body` in a new folder that is removed afterwards.
func withTemporaryFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("experiments-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// The error that `body` throws, if it is one of ours.
func experimentError(_ body: () throws -> Void) -> ExperimentError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ExperimentError
    }
}
