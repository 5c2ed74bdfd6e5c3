/*
{
	"DESCRIPTION": "Tabs	and
line breaks in texts", // a comment
	"CREDIT": "C:\people",
	"ISFVSN": 2.0,
	"CATEGORIES": "One",
	"INPUTS": [
		{ "NAME": "gain", "TYPE": "Float", "MIN": "0.0", "MAX": "2", "DEFAULT": ".5", },
		{ "NAME": "on", "TYPE": "BOOL", "DEFAULT": 1 }
		{ "NAME": "off", "TYPE": "bool", "DEFAULT": "false" },
		{ "NAME": "strange", "TYPE": "quaternion" },
	],
	"PASSES": [ { "TARGET": "", "WIDTH": "", "PERSISTENT": "false" }, ],
}
*/
void main() { gl_FragColor = vec4(gain, on, off, 1); }
