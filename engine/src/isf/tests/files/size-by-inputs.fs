/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "quality", "TYPE": "float", "MIN": 0.1, "MAX": 1.0, "DEFAULT": 0.5 },
        { "NAME": "cells", "TYPE": "long", "VALUES": [16, 64], "LABELS": ["few", "many"], "DEFAULT": 64 } ],
    "PASSES": [ { "TARGET": "coarse", "WIDTH": "max(8.0, floor($WIDTH * $quality))", "HEIGHT": "max(8.0, floor($HEIGHT*$quality))", "FLOAT": true },
                { "TARGET": "row", "WIDTH": "$cells", "HEIGHT": 1 }, { } ] }*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = vec4(gl_FragCoord.xy, RENDERSIZE);
    else if (PASSINDEX == 1) gl_FragColor = vec4(gl_FragCoord.x / RENDERSIZE.x);
    else gl_FragColor = IMG_THIS_NORM_PIXEL(coarse) / 1000.0 + IMG_NORM_PIXEL(row, isf_FragNormCoord) * 0.1;
}
