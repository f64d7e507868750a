using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

public sealed class S3XmlTests
{
    [Theory]
    [InlineData("<A><Key>a&amp;b&#x3D;&quot;</Key></A>", "a&b=\"")]
    [InlineData("<KeyCount>3</KeyCount><Key xmlns=\"x\">k</Key>", "k")]
    [InlineData("<Key/><Key>second</Key>", "")]
    [InlineData("<Keys>no</Keys>", null)]
    [InlineData("<Key>cut off", null)]
    [InlineData("<Key", null)]
    [InlineData("", null)]
    public void The_first_element_of_a_name_is_found(string xml, string? value) => Assert.Equal(value, S3Xml.Value(xml, "Key"));

    [Fact]
    public void All_elements_of_a_name_come_in_order() =>
        Assert.Equal(["<Key>1</Key>", "", "<Key>2</Key>"], S3Xml.Elements("<E><Key>1</Key></E><E /><F/><E><Key>2</Key></E>", "E"));
}
