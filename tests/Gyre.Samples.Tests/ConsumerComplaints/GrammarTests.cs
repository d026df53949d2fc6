using System.Text;
using ConsumerComplaints.Synthetic;
using Synthesis;

namespace Gyre.Samples.Tests.ConsumerComplaints;

public sealed class GrammarTests
{
    readonly Grammar _grammar = Grammar.Read("Narratives.txt", "TellingWords.txt");

    [Fact]
    public void Every_product_and_every_telling_word_has_its_sentences()
    {
        foreach (var product in PublishedCounts.Read().Products.Items)
        {
            _grammar.List("open " + product.Name).ShouldNotBeEmpty();
            _grammar.List("body " + product.Name).ShouldNotBeEmpty();
        }

        var words = DisputeFormula.Words.Select(word => "word " + word.Text).ToList();
        _grammar.Lists.Where(list => list.StartsWith("word ", StringComparison.Ordinal)).ShouldBe(words, ignoreOrder: true);
    }

    [Fact]
    public void Issues_with_sentences_of_their_own_and_issues_that_weigh_are_issues_that_occur()
    {
        var issues = PublishedCounts.Read().Products.Items.SelectMany(product => product.Issues).Select(issue => issue.Item1.Name).ToHashSet(StringComparer.Ordinal);
        _grammar.Lists.Where(list => list.StartsWith("issue ", StringComparison.Ordinal)).Select(list => list[6..]).ShouldBeSubsetOf(issues);
        DisputeFormula.OfIssue.Keys.ShouldBeSubsetOf(issues);
        DisputeFormula.OfResponse.Keys.ShouldBeSubsetOf(PublishedCounts.Read().Responses.Items);
    }

    /// <summary>So that the words alone decide what the formula sees; each sentence is tried in many of its forms.</summary>
    [Fact]
    public void A_telling_word_stands_in_all_sentences_of_its_list_and_in_no_others()
    {
        const string neutralIssue = "Other", neutralResponse = "Closed with explanation";
        foreach (var list in _grammar.Lists)
        {
            var expected = DisputeFormula.Words.SingleOrDefault(word => list == "word " + word.Text)?.Weight ?? 0;
            foreach (var phrase in _grammar.List(list))
            {
                for (var attempt = 0; attempt < 20; attempt++)
                {
                    var text = new StringBuilder();
                    _grammar.Write(text, phrase, new Dice(1, attempt), company: "Some Company");
                    (DisputeFormula.Logit(neutralIssue, neutralResponse, text.ToString()) - DisputeFormula.Base).ShouldBe(expected, 1e-9, $"«{list}»: {text}");
                }
            }
        }
    }

    [Fact]
    public void Words_count_once_in_any_case_and_only_whole() =>
        DisputeFormula.Logit("Other", "Closed with explanation", "NEVER, never! Nevermore it's whenever. 'never'")
            .ShouldBe(DisputeFormula.Base + DisputeFormula.Words[0].Weight, 1e-12);

    [Theory]
    [InlineData("I (called|wrote.")]
    [InlineData("I called <them.")]
    [InlineData("I called) them.")]
    public void A_sentence_with_an_open_bracket_is_refused(string sentence) =>
        Should.Throw<FormatException>(() => Phrase.Parse(sentence));
}
