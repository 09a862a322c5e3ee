import Documents
import Foundation

/// What made the runs of a folder, as HTML: what all have in common once, and what differs beside each run.
struct ManifestSummary {
    let records: [RunRecord]

    private static let facts: [(name: String, value: @Sendable (Manifest) -> String)] = [
        ("commit", { $0.commit ?? "" }), ("processor", { $0.processor }), ("BLAS library", { $0.blasLibrary }), ("BLAS kernels", { $0.blasCore }),
        ("matrix products", { $0.matrixProducts }), ("compiler", { $0.compiler }), ("threads", { String($0.threads) }),
        ("digest of the text", { $0.corpusDigest }), ("digest of the vocabulary", { $0.vocabularyDigest }),
        ("format of results", { String($0.resultFormat) }),
    ]

    private var manifests: [Manifest] { records.compactMap(\.manifest) }

    private func isCommon(_ value: (Manifest) -> String) -> Bool { Set(manifests.map(value)).count == 1 }

    var html: String {
        guard !manifests.isEmpty else { return "<p>No run's folder is there, and with it no manifest: this report was made from results.csv alone.</p>\n" }
        let common = Self.facts.filter { isCommon($0.value) }
        let differing = Self.facts.filter { !isCommon($0.value) }
        func moment(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .space).year().month().day().time(includingFractionalSeconds: false)) }
        let runs = HTMLTable(
            id: "manifest-runs", caption: "Each run",
            header: ["run", "state", "seed", "start (UTC)", "end (UTC)", "continued", "started from", "configuration"] + differing.map(\.name),
            rows: records.map { record in
                let manifest = record.manifest
                let origin = manifest?.origin.map { "\($0.run), \($0.moment), step \($0.steps)" } ?? ""
                return [
                    record.name, record.state, (manifest?.seed).text, manifest.map { moment($0.start) } ?? "",
                    (manifest?.end).map(moment) ?? "", (manifest?.continued.count).text, origin,
                    String((manifest?.configurationDigest ?? "").prefix(12)),
                ] + differing.map { fact in manifest.map(fact.value) ?? "" }
            }, leftAligned: Set([1, 6, 7] + differing.indices.map { 8 + $0 }))
        let shared = HTMLTable(
            id: "manifest-common", caption: "What all runs have in common", header: ["what", "value"],
            rows: manifests[0].end == nil && common.isEmpty ? [] : common.map { [$0.name, $0.value(manifests[0])] }, leftAligned: [0, 1])
        return (common.isEmpty ? "" : shared.text) + runs.text + configurations
    }

    /// Of the first run of each cell and row without a change, that is, the full models.
    private var configurations: String {
        let full = records.filter { $0.result?.difference == "" && $0.manifest != nil }
        let first = full.reduce(into: [RunRecord]()) { kept, record in
            if !kept.contains(where: { $0.result?.configurationDigest == record.result?.configurationDigest }) { kept.append(record) }
        }
        guard !first.isEmpty else { return "" }
        let keys = Set(first.flatMap { $0.manifest?.configuration.keys.map { $0 } ?? [] }).subtracting(["seed"]).sorted()
        let table = HTMLTable(
            id: "manifest-configuration", caption: "Configuration of the full model, without its seed", header: ["key"] + first.map(\.cell),
            rows: keys.map { key in [key] + first.map { $0.manifest?.configuration[key] ?? "" } }, leftAligned: [])
        return "<details><summary>Configuration of the full model</summary>\n\(table.text)</details>\n"
    }
}
