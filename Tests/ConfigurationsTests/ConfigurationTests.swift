import Corpus
import Crypto
import Documents
import Foundation
import LanguageModel
import ProjectFolders
import Recurrent
import Testing

@testable import Configurations

@Suite struct ConfigurationTests {
    /// A value of the key that is not its default.
    private static func otherValue(_ key: ConfigurationKey) -> String {
        let text = key.text(in: Configuration())
        return switch key.field {
        case .integer(_, let range): String(min(range.upperBound, (Int(text) ?? 0) + 7))
        case .number: text == "0.375" ? "0.5" : "0.375"
        case .flag: text == "true" ? "false" : "true"
        case .choice(_, let choices): choices.first { $0 != text } ?? ""
        case .text: "a \"b\" \\ c:\nd"
        }
    }

    @Test func noTwoKeysHaveOneName() {
        #expect(Set(ConfigurationKey.all.map(\.name)).count == ConfigurationKey.all.count)
    }

    @Test(arguments: ConfigurationKey.all.map(\.name))
    func everyKeyRoundTripsAndChangesNothingElse(name: String) throws {
        let key = try #require(ConfigurationKey.named(name))
        let value = Self.otherValue(key)
        var before = Configuration()
        // Only a QRNN has any.
        if name == "zoneout" { before.model.cell = .qrnn }
        var configuration = before
        #expect(key.assign(value, to: &configuration) == nil)
        #expect(key.text(in: configuration) == value)
        #expect(before.differences(to: configuration).map(\.key) == [name])
        #expect(try Configuration(yaml: configuration.yaml, file: "test.yaml") == configuration)
    }

    @Test(arguments: ConfigurationKey.settings.map(\.name))
    func everyKeyRefusesWrongTypesNamingItself(name: String) throws {
        let key = try #require(ConfigurationKey.named(name))
        for value in ["abc", "", "[1]", "nan", "-1", "1e400", "0x", "TRUE", "5 0"] {
            var configuration = Configuration()
            let error = try #require(inputError { try configuration.set("\(name)=\(value)") }, "\(name)=\(value) was taken")
            #expect(error.kind == .usage)
            #expect(error.message.contains(name) && error.message.contains(key.allowed))
            #expect(configuration == Configuration())
        }
    }

    @Test(arguments: [
        ("weight-dropping", "1.0"), ("weight-dropping", "1"), ("weight-dropping", "NaN"), ("embedding-dropout", "-0.1"),
        ("variational-dropout-input", "inf"), ("hidden-size", "0"), ("embedding-size", "-5"), ("layers", "0"), ("batch-size", "0"),
        ("window-length", "1"), ("epochs", "0"), ("epochs", "2.5"), ("threads", "0"), ("learning-rate", "0"), ("ar", "-1"),
        ("hidden-size", "99999999999999999999"), ("training-tokens", "-1"), ("non-monotonic-interval", "0"),
        ("recurrent-initialisation", "Orthogonal"), ("weight-tying", "yes"),
    ])
    func valuesOutOfRangeAreRefused(name: String, value: String) throws {
        let error = try #require(inputError {
            var configuration = Configuration()
            try configuration.overlay(yaml: "\n\(name): \(value)\n", file: "somewhere.yaml")
        })
        #expect(error.kind == .data)
        #expect(error.message.hasPrefix("somewhere.yaml:2: \(name): '\(value)' is not allowed; it must be "))
    }

    @Test func unknownKeysAreRefusedWithTheNearest() throws {
        var configuration = Configuration()
        let set = inputError { try configuration.set("weight-droping=0.5") }
        #expect(set?.message == "--set weight-droping: unknown key. Did you mean 'weight-dropping'?")
        let file = inputError { try configuration.overlay(yaml: "hiddensize: 3", file: "f.yaml") }
        #expect(file?.message == "f.yaml:1: hiddensize: unknown key. Did you mean 'hidden-size'?")
    }

    @Test(arguments: ["dataset", "profile", "cell", "seed"])
    func whatTheCommandLineChoosesIsNoSetting(name: String) {
        var configuration = Configuration()
        #expect(inputError { try configuration.set("\(name)=1") }?.message.contains("is chosen with --\(name)") == true)
        #expect(inputError { try configuration.overlay(yaml: "\(name): 1", file: "f") }?.kind == .data)
    }

    @Test(arguments: ["epochs: \"3\"", "epochs: [3]", "epochs: {a: 1}", "- epochs", "just text", "epochs: 3\nepochs: 4", "a: b: c", "lstm: 3"])
    func filesOfAnotherFormAreRefused(yaml: String) {
        var configuration = Configuration()
        let error = inputError { try configuration.overlay(yaml: yaml, file: "form.yaml") }
        #expect(error?.kind == .data)
        #expect(error?.message.hasPrefix("form.yaml") == true)
    }

    @Test func aRunsConfigurationMustBeWhole() {
        let yaml = Configuration().yaml.split(separator: "\n").filter { !$0.hasPrefix("ar:") }.joined(separator: "\n")
        #expect(inputError { _ = try Configuration(yaml: yaml, file: "f.yaml") }?.message == "f.yaml: the key 'ar' is missing")
    }

    /// Before a key was there, files were without it: they can be read, and their digest was that of what they hold.
    @Test func aRunsConfigurationFromBeforeAKeyWasAddedMeansItsEarlierValue() throws {
        let added = ConfigurationKey.all.filter { $0.earlierValue != nil }.map(\.name)
        #expect(added == ["zoneout", "precision", "smallest-learning-rate", "logging-interval", "validate-raw"])
        let lines = Configuration().yaml.split(separator: "\n").filter { !added.contains(String($0.prefix { $0 != ":" })) }
        let earlier = lines.map { $0 + "\n" }.joined()
        let configuration = try Configuration(yaml: earlier, file: "f.yaml")
        #expect(configuration.schedule.loggingInterval == 0 && configuration == Configuration())
        #expect(configuration.digest == hexadecimal(SHA256.hash(data: Data(earlier.utf8))))

        var other = configuration
        other.schedule.loggingInterval = 664
        let withItsKey = other.yaml.split(separator: "\n").filter { line in
            !["validate-raw:", "zoneout:", "precision:", "smallest-learning-rate:"].contains { line.hasPrefix($0) }
        }.map { $0 + "\n" }.joined()
        #expect(other.digest == hexadecimal(SHA256.hash(data: Data(withItsKey.utf8))))
        #expect(other.digest != configuration.digest)
    }

    @Test func precisionIsAKeyAsAnyOther() throws {
        var configuration = Configuration()
        try configuration.set("precision=bfloat16")
        #expect(configuration.model.precision == .bfloat16)
        #expect(configuration.yaml.contains("precision: \"bfloat16\"\n") || configuration.yaml.contains("precision: bfloat16\n"))
        #expect(try Configuration(yaml: configuration.yaml, file: "f.yaml") == configuration)
        #expect(configuration.digest != Configuration().digest)
        #expect(configuration.lastCommonMoment(with: Configuration()) == nil)
        #expect(inputError { try configuration.set("precision=float16") }?.message.contains("float32 or bfloat16") == true)
    }

    /// Where the precision is float32, files are what they were before there was another.
    @Test func onlyAnotherPrecisionStandsInACheckpoint() throws {
        var model = Configuration().model
        #expect(!String(decoding: try JSONEncoder().encode(model), as: UTF8.self).contains("precision"))
        model.precision = .bfloat16
        #expect(try JSONDecoder().decode(ModelConfiguration.self, from: JSONEncoder().encode(model)) == model)
    }

    @Test func aSectionStandsForItsCellOverTheCommonKeys() throws {
        let yaml = "gru:\n  learning-rate: 7\nlearning-rate: 20\nepochs: 4\n"
        var lstm = Configuration()
        try lstm.overlay(yaml: yaml, file: "f")
        var gru = Configuration()
        gru.model.cell = .gru
        try gru.overlay(yaml: yaml, file: "f")
        #expect((lstm.schedule.learningRate, lstm.schedule.epochs) == (20, 4))
        #expect((gru.schedule.learningRate, gru.schedule.epochs) == (7, 4))
    }

    @Test func theOtherCellsSectionIsCheckedToo() {
        var lstm = Configuration()
        #expect(inputError { try lstm.overlay(yaml: "gru:\n  layers: 0\n", file: "f") }?.message.hasPrefix("f:2: layers:") == true)
    }

    @Test func anEmptyOverlayChangesNothing() throws {
        var configuration = Configuration()
        try configuration.overlay(yaml: "# nothing\n", file: "f")
        #expect(configuration == Configuration())
    }
}
