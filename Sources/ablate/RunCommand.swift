import ArgumentParser
import Configurations

/// The removal table: the full model, and rows without a technique.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs the removal table (the default).")

    @OptionGroup var options: RunOptions

    @Option(
        name: .customLong("drop"),
        help: ArgumentHelp("Runs the row without this technique; a+b removes both. 'ablate rows' lists them. (repeatable)", valueName: "slug"),
        transform: { try Row(slugs: $0) })
    var drops: [Row] = []

    @Option(name: .customLong("rows"), help: ArgumentHelp(
            "The rows to run: paper, extended, or the path of a YAML file with rows as '- name: {key: value}'. (default: paper)", valueName: "list|file"))
    var list: String?

    func validate() throws {
        if !drops.isEmpty, list != nil { throw ValidationError("--drop and --rows: give one of them") }
    }

    func run() async throws {
        let files = try ProjectFiles(configs: options.model.configs)
        let asked = drops.isEmpty ? try files.rows(listed: list ?? "paper") : drops
        try await options.run(rows: ([.full] + asked).uniqued(), files: files)
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it comes first.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
