package io.cairn.adapter.lucene;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Words by which a question asks rather than tells, and which the language's analyzer keeps.
final class Fillers {
    /// By language.
    private static final Map<String, Set<String>> ASKING = Map.of(
            "en",
            words("what when where who whom whose which why how did do does done has have had having can could would"
                    + " should may might will shall her his him she he they them their its our your my me i you we us were"
                    + " been being am about from any some than so also too very just"),
            "de",
            words("wann wer wem wen wessen warum wieso weshalb woher wohin wieviel wieviele"),
            "es",
            words("cuando donde quien quienes cual cuales cuanto cuanta cuantos cuantas como que por"),
            "fr",
            words("quand ou combien comment pourquoi lequel laquelle"),
            "it",
            words("quando quanti quante"),
            "nl",
            words("wanneer waar hoeveel waarom welke"),
            "pt",
            words("onde quanto quanta quantos quantas quais"),
            "ro",
            words("cand cati cate cat cata cui"));

    /// Pairs of kana that carry grammar rather than content, since Japanese is cut into pairs of characters.
    private static final Set<String> GRAMMAR = words("です ます ませ せん まし した した して しま いる いま ある あり りま なる なり"
            + " ない から まで こと もの よう では には とは への での との のは のが のを のに どこ いつ だれ なに なん すか ださ さい"
            + " くだ くれ れま れる られ たい たら なら けど ので のよ");

    private Fillers() {}

    static boolean asks(String language, Word word) {
        return ASKING.getOrDefault(language, Set.of()).contains(word.form());
    }

    /// Whether a pair of characters says next to nothing in whichever text it stands.
    static boolean isGrammar(Word word) {
        return word.text().isEmpty() && GRAMMAR.contains(word.form());
    }

    private static Set<String> words(String words) {
        return Arrays.stream(words.split(" ")).map(Forms::folded).collect(Collectors.toUnmodifiableSet());
    }
}
