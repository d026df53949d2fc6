namespace ConsumerComplaints;

/// <summary>What the model sees of a complaint, and what it is to predict: whether the consumer disputes the answer.</summary>
static class ComplaintFeatures
{
    public static void Define(FeatureBuilder f)
    {
        f.Label("consumer_disputed", "Yes", "1");

        f.Output("product", f.Text("product").Vocabulary(top: 11).OneHot());
        f.Output("sub_product", f.Text("sub_product").Vocabulary(top: 45).OneHot());
        f.Output("issue", f.Text("issue").Vocabulary(top: 90).OneHot());
        f.Output("company_response", f.Text("company_response").Vocabulary(top: 5).OneHot());
        f.Output("state", f.Text("state").Vocabulary(top: 60).OneHot());

        // Published zip codes have their last digits masked, 300XX; the first three say where it is.
        f.Output("zip_code", f.Text("zip_code").Extract("[0-9]{3}").ToNumber().Bucketize(10).OneHot());

        f.Output("narrative", f.Text("consumer_complaint_narrative").Lower().Tokens("[a-z0-9']+").Vocabulary(top: 20_000, minCount: 2));
    }
}
