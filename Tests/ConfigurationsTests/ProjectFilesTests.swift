import Documents
import Foundation
import LanguageModel
import ProjectFolders
import Recurrent
import Testing

@testable import Configurations

@Suite struct ProjectFilesTests {
    @Test(arguments: [
        ("ptb", CellKind.lstm, 10_000, 24_221_600), ("ptb", .gru, 10_000, 19_168_700), ("wt2", .lstm, 33_278, 33_556_078),
        ("wt2", .gru, 33_278, 28_503_178), ("ptb", .qrnn, 10_000, 12_125_600), ("wt2", .qrnn, 33_278, 21_460_078),
    ])
    func thePaperProfileHasThePapersParameters(dataset: String, cell: CellKind, vocabulary: Int, parameters: Int) throws {
        let configuration = try projectFiles().configuration(dataset: dataset, cell: cell, profile: "paper")
        #expect(configuration.model.parameterCount(vocabularySize: vocabulary) == parameters)
        #expect(configuration.schedule.epochs == (dataset == "ptb" ? 500 : 750))
        #expect(configuration.schedule.batchSize == (dataset == "ptb" ? 20 : 80))
        #expect(configuration.trainingTokens == 0)
    }

    @Test(arguments: ["ptb", "wt2", "kjv", "synthetic", "/some/folder"], ["smoke", "quick", "evening", "paper"])
    func everyDatasetHasEveryProfileForAllCells(dataset: String, profile: String) throws {
        let files = try projectFiles()
        let lstm = try files.configuration(dataset: dataset, cell: .lstm, profile: profile)
        let gru = try files.configuration(dataset: dataset, cell: .gru, profile: profile)
        #expect(lstm.schedule.learningRate > gru.schedule.learningRate)
        #expect((lstm.dataset, lstm.profile, lstm.cell) == (dataset, profile, .lstm))
        #expect(gru.cell == .gru)
        let qrnn = try files.configuration(dataset: dataset, cell: .qrnn, profile: profile)
        #expect(qrnn.model.layerSizes.elementsEqual(lstm.model.layerSizes, by: ==), "compared at equal sizes")
        #expect(qrnn.model.zoneout == 0, "as in the reference's language models")
        for ablation in Ablation.allCases {
            #expect(ablation.apply(lstm) != lstm, "\(ablation.rawValue) is off in \(dataset), \(profile) already")
            #expect(ablation.apply(qrnn) != qrnn, "\(ablation.rawValue) is off in \(dataset), \(profile) already")
        }
    }

    @Test func assignmentsStandOverProfileAndFile() throws {
        let configuration = try projectFiles().configuration(
            dataset: "ptb", cell: .lstm, profile: "quick", assignments: ["ar=3", "epochs=9"], epochs: 2)
        #expect((configuration.model.regularization.ar, configuration.schedule.epochs) == (3, 2))
        #expect(configuration.model.regularization.tar == 0.5, "the profile's, which stands over the file's 1")
        #expect(configuration.model.regularization.embeddingDropout == 0.1, "the file's")
        #expect(configuration.schedule.fineTuningEpochs == 2)
    }

    @Test func aFolderIsKnownByItsWholePath() throws {
        let configuration = try projectFiles().configuration(dataset: "texts/mine/", cell: .lstm, profile: "quick")
        #expect(configuration.dataset.hasPrefix("/") && configuration.dataset.hasSuffix("/texts/mine"))
        #expect(configuration.datasetName == "mine")
        #expect(try projectFiles().configuration(dataset: "./ptb", cell: .lstm, profile: "quick").datasetName == "ptb-folder")
        #expect(try projectFiles().configuration(dataset: "ptb", cell: .lstm, profile: "quick").datasetName == "ptb")
    }

    @Test func theListsOfRows() throws {
        let files = try projectFiles()
        let paper = try files.rows(listed: "paper").map(\.name)
        #expect(paper == [
            "full", "fine-tuning", "nt-asgd", "variable-length-bptt", "embedding-dropout", "weight-decay", "ar-tar",
            "independent-sizes", "weight-dropping",
        ])
        #expect(try files.rows(listed: "extended").map(\.name) == paper + ["variational-dropout", "weight-tying", "ar", "tar"])
        #expect(inputError { _ = try files.rows(listed: "papers") }?.message.contains("Did you mean 'paper'?") == true)
    }

    @Test(arguments: CellKind.allCases)
    func theKingJamesBibleIsTrainedOnAsPennTreebank(cell: CellKind) throws {
        var bible = try projectFiles().configuration(dataset: "kjv", cell: cell, profile: "paper")
        #expect((bible.dataset, bible.datasetName) == ("kjv", "kjv"))
        bible.dataset = "ptb"
        #expect(bible == (try projectFiles().configuration(dataset: "ptb", cell: cell, profile: "paper")))
    }

    @Test(arguments: ["Quick", "QUICK", "quick_"])
    func caseAndUnderscoresDoNotHideWhatWasMeant(profile: String) throws {
        let files = try projectFiles()
        let error = inputError { _ = try files.configuration(dataset: "ptb", cell: .lstm, profile: profile) }
        #expect(error?.message.contains("Did you mean 'quick'?") == true)
    }

    @Test(arguments: [
        (CellKind.lstm, "zoneout=0.1", "zoneout: the cell lstm has none"), (.gru, "zoneout=0.1", "zoneout: the cell gru has none"),
        (.qrnn, "recurrent-initialisation=orthogonal", "recurrent-initialisation: the cell qrnn has no hidden-to-hidden"),
        (.qrnn, "zoneout=1", "--set zoneout: '1' is not allowed"), (.qrnn, "zoneout=-0.1", "--set zoneout: '-0.1' is not allowed"),
    ])
    func whatACellDoesNotHaveIsRefused(cell: CellKind, assignment: String, message: String) throws {
        let files = try projectFiles()
        let error = inputError { _ = try files.configuration(dataset: "ptb", cell: cell, profile: "quick", assignments: [assignment]) }
        #expect(error?.kind == .usage && error?.message.contains(message) == true, "\(String(describing: error))")
        // So it is in a run's folder.
        var configuration = try files.configuration(dataset: "ptb", cell: cell, profile: "quick")
        guard (try? configuration.set(assignment)) != nil else { return }
        let data = inputError { _ = try Configuration(yaml: configuration.yaml, file: "configuration.yaml") }
        #expect(data?.kind == .data && data?.message.hasPrefix("configuration.yaml: " + message) == true)
    }

    /// Digests of configurations that were written before there was zoneout are still theirs.
    @Test func noZoneoutLeavesNoTrace() throws {
        var configuration = try projectFiles().configuration(dataset: "ptb", cell: .qrnn, profile: "quick")
        let digest = configuration.digest
        let encoded = try JSONEncoder().encode(configuration.model)
        #expect(!String(decoding: encoded, as: UTF8.self).contains("zoneout"))
        configuration.model.zoneout = 0.1
        #expect(configuration.digest != digest)
        #expect(try JSONDecoder().decode(ModelConfiguration.self, from: JSONEncoder().encode(configuration.model)).zoneout == 0.1)
    }

    @Test func unknownProfilesAndMissingFoldersAreNamed() throws {
        let files = try projectFiles()
        let profile = inputError { _ = try files.configuration(dataset: "ptb", cell: .lstm, profile: "quik") }
        #expect(profile?.kind == .usage && profile?.message.contains("Did you mean 'quick'?") == true)
        #expect(inputError { _ = try ProjectFiles(configs: "/nowhere") }?.kind == .inputOutput)
    }

    @Test func aBadFileIsNamedWithItsLine() throws {
        try withTemporaryFolder { folder in
            for name in ["Configs", "Ablations"] {
                try FileManager.default.copyItem(
                    at: projectRoot.appendingPathComponent(name), to: folder.appendingPathComponent(name))
            }
            let file = folder.appendingPathComponent("Configs/profiles/quick.yaml")
            try Data("layers: 2\nlayer: 3\n".utf8).write(to: file)
            try Data("- full\n- ar-tarr\n".utf8).write(to: folder.appendingPathComponent("Ablations/rows/paper.yaml"))
            let files = try ProjectFiles(configs: folder.appendingPathComponent("Configs").path)
            let error = inputError { _ = try files.configuration(dataset: "ptb", cell: .lstm, profile: "quick") }
            #expect(error?.message.contains("quick.yaml:2: layer: unknown key. Did you mean 'layers'?") == true)
            let rows = inputError { _ = try files.rows(listed: "paper") }
            #expect(rows?.kind == .data && rows?.message.contains("'ar-tarr'") == true)
        }
    }
}
